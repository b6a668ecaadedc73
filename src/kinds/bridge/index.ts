import { bridgeId, netnsIds } from '../../model/ids.ts';
import type { BridgeValue } from '../../model/instruction.ts';
import type { Context, Kind } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { LinkLive, Live } from '../../model/live.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { defineKind } from '../define.ts';
import { absent, foreign, givenBack, inTheWay, ours } from '../found.ts';
import { changesText, lineOf, replaceText } from '../line.ts';
import { DEFAULT_MTU, findLink, formerOf, labelOf, whoseLink } from '../links.ts';
import type { BridgeSpec } from './spec.ts';
import { bridgeSteps } from './steps.ts';

const definition: Kind<BridgeSpec> = {
  name: 'bridge',
  compile,
  wants: ({ netns }) => ({ netns: [netns] }),
  observe,
  places: ({ netns, name }) => [`${netns}/${name}`],
  immutable: ['netns', 'name'],
  steps: bridgeSteps,
  describe,
  released: givenBack,
};

/** A switch. Its MAC is set at creation, so that it never follows its ports' and udev leaves it alone. */
export const bridge = defineKind(definition);

function compile(lab: Lab): readonly Resource<BridgeSpec>[] {
  return lab.bridges.map(({ netns, name, label, at, mac, hasOpenMac, mtu, up, ...options }) => ({
    kind: 'bridge',
    id: bridgeId(netns, name),
    netns,
    spec: { netns, name, label, mac, mtu: mtu ?? DEFAULT_MTU, up, options },
    dependsOn: netnsIds(netns),
    within: netnsIds(netns),
    ...(hasOpenMac ? { open: [['mac']] } : {}),
    origin: at,
    note: null,
  }));
}

const NO_OPTIONS: BridgeValue = { stp: false, ageing: 0, forwardDelay: 0, priority: 0, multicastSnooping: false };

function observe(live: Live, resource: Resource<BridgeSpec>, context: Context<BridgeSpec>): Found<BridgeSpec> {
  const { mac } = resource.spec;
  const placed = findLink(live, resource.spec, { context, mac: context.recorded?.spec.mac ?? null });
  if (!placed) return absent;
  const { netns, name, link } = placed;
  const whose = whoseLink(context, link, mac);
  // A link of ours of another kind goes by its own resource.
  if (whose === null && !link.bridge) return absent;
  const options = settled(link, context.recorded?.spec ?? resource.spec);
  const { mac: address, mtu, up } = link;
  const label = labelOf(context, link);
  const spec = { netns, name, label, mac: address, mtu, up, options, ...formerOf(link, whose === null) };
  if (!link.bridge)
    return inTheWay(spec, `${link.kind ?? 'a device'}, not a bridge`, 'remove or rename one of the two');
  return whose === null ? ours(spec) : foreign(spec, whose);
}

/**
 * Its options without what the kernel does for about half a minute when a port comes or goes: it then forgets addresses
 * after twice the forward delay, and does not tell the time that it goes back to (`__br_set_topology_change` in
 * net/bridge/br_stp.c).
 */
function settled({ bridge, changing }: LinkLive, { options: { ageing } }: BridgeSpec): BridgeValue {
  if (!bridge) return NO_OPTIONS;
  return changing && bridge.stp && bridge.ageing === 2 * bridge.forwardDelay ? { ...bridge, ageing } : bridge;
}

function describe(operation: Operation<BridgeSpec>): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec) return [];
  const name = spec.label === spec.name || spec.label === '' ? spec.name : `${spec.label} (${spec.name})`;
  return [lineOf(operation, { noun: 'bridge', name, text: textOf(operation, spec) })];
}

function textOf({ action, changes, before, cause }: Operation<BridgeSpec>, spec: BridgeSpec): string {
  if (action === 'delete') return '';
  if (action === 'replace' && before && before.name !== spec.name && cause === 'drift') {
    return `somebody renamed it to ${before.name}: replaced`;
  }
  if (action === 'update') return changesText(changes);
  if (action === 'replace') return replaceText(changes, definition.immutable);
  const more = [
    spec.mtu === DEFAULT_MTU ? '' : `mtu ${spec.mtu}`,
    spec.options.stp ? 'stp' : '',
    spec.up ? '' : 'down',
  ];
  return [`mac ${spec.mac}`, ...more].filter(Boolean).join(', ');
}
