import { bridgeId, netnsIds } from '../../../model/ids.ts';
import type { BridgeValue } from '../../../model/instruction.ts';
import type { LinkLive } from '../../../model/kernel/live-state.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import type { Kind, KindContext } from '../../../model/kind.ts';
import type { Lab } from '../../../model/lab.ts';
import type { Operation, PlanLine } from '../../../model/operation.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { defineKind } from '../../define-kind.ts';
import {
  absentObservation,
  blockingObservation,
  foreignObservation,
  ownObservation,
  restoreOriginal,
} from '../../observation.ts';
import { changesText, planLine, replaceText } from '../../plan-line.ts';
import { DEFAULT_LINK_MTU, findLink, foreignLinkOwner, linkLabel, originalLinkMark } from '../link-attributes.ts';
import { bridgeInstructions } from './instructions.ts';
import type { BridgeSpec } from './spec.ts';

const definition: Kind<BridgeSpec> = {
  name: 'bridge',
  compile,
  query: ({ netns }) => [{ need: 'namespace', netns }],
  observe,
  claims: ({ netns, name }) => [`${netns}/${name}`],
  immutable: ['netns', 'name'],
  instructions: bridgeInstructions,
  describe,
  restoreTo: restoreOriginal,
};

/** A switch. Its MAC is set at creation, so that it never follows its ports' and udev leaves it alone. */
export const bridge = defineKind(definition);

function compile(lab: Lab): readonly Resource<BridgeSpec>[] {
  return lab.bridges.map(({ netns, name, label, at, mac, hasOpenMac, mtu, up, ...options }) => ({
    kind: 'bridge',
    id: bridgeId(netns, name),
    netns,
    spec: { netns, name, label, mac, mtu: mtu ?? DEFAULT_LINK_MTU, up, options },
    dependsOn: netnsIds(netns),
    within: netnsIds(netns),
    ...(hasOpenMac ? { open: [['mac']] } : {}),
    origin: at,
    note: null,
  }));
}

const NO_OPTIONS: BridgeValue = { stp: false, ageing: 0, forwardDelay: 0, priority: 0, multicastSnooping: false };

function observe(
  live: LiveState,
  resource: Resource<BridgeSpec>,
  context: KindContext<BridgeSpec>,
): Observation<BridgeSpec> {
  const { mac } = resource.spec;
  const placed = findLink(live, resource.spec, { context, mac: context.recorded?.spec.mac ?? null });
  if (!placed) return absentObservation;
  const { netns, name, link } = placed;
  const whose = foreignLinkOwner(context, link, mac);
  // A link of ours of another kind goes by its own resource.
  if (whose === null && !link.bridge) return absentObservation;
  const options = settled(link, context.recorded?.spec ?? resource.spec);
  const { mac: address, mtu, up } = link;
  const label = linkLabel(context, link);
  const spec = { netns, name, label, mac: address, mtu, up, options, ...originalLinkMark(link, whose === null) };
  if (!link.bridge)
    return blockingObservation(spec, `${link.kind ?? 'a device'}, not a bridge`, 'remove or rename one of the two');
  return whose === null ? ownObservation(spec) : foreignObservation(spec, whose);
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
  return [planLine(operation, { noun: 'bridge', name, text: textOf(operation, spec) })];
}

function textOf({ action, changes, before, cause }: Operation<BridgeSpec>, spec: BridgeSpec): string {
  if (action === 'delete') return '';
  if (action === 'replace' && before && before.name !== spec.name && cause === 'drift') {
    return `somebody renamed it to ${before.name}: replaced`;
  }
  if (action === 'update') return changesText(changes);
  if (action === 'replace') return replaceText(changes, definition.immutable);
  const more = [
    spec.mtu === DEFAULT_LINK_MTU ? '' : `mtu ${spec.mtu}`,
    spec.options.stp ? 'stp' : '',
    spec.up ? '' : 'down',
  ];
  return [`mac ${spec.mac}`, ...more].filter(Boolean).join(', ');
}
