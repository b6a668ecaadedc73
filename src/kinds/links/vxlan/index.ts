import { bridgeId, netnsIds, vxlanId } from '../../../model/ids.ts';
import type { VxlanValue } from '../../../model/instruction.ts';
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
import { findLink, foreignLinkOwner, linkDependencies, linkLabel, originalLinkMark } from '../link-attributes.ts';
import { vxlanInstructions } from './instructions.ts';
import type { VxlanSpec } from './spec.ts';

const definition: Kind<VxlanSpec> = {
  name: 'vxlan',
  compile,
  query: ({ netns }) => [{ need: 'namespace', netns }],
  observe,
  claims: ({ netns, name }) => [`${netns}/${name}`],
  immutable: ['netns', 'name', 'id', 'remote', 'local', 'dev', 'port'],
  isCreatable: ({ id }) => id !== 0,
  instructions: vxlanInstructions,
  describe,
  restoreTo: restoreOriginal,
};

/** One end of an overlay: it packs Ethernet frames into UDP and sends them to its remote, which unpacks them. */
export const vxlan = defineKind(definition);

/** It goes with the link that it sends through (`vxlan_handle_lowerdev_unregister` in drivers/net/vxlan/vxlan_core.c). */
function compile(lab: Lab): readonly Resource<VxlanSpec>[] {
  const place = linkDependencies(lab);
  return lab.vxlans.map(({ at, hasOpenMac, ...spec }) => {
    const { netns, name, dev, master } = spec;
    const { dependsOn, within } = place(netns, dev === null ? [] : [dev]);
    return {
      kind: 'vxlan',
      id: vxlanId(netns, name),
      netns,
      spec,
      dependsOn: master === null ? dependsOn : [...dependsOn, bridgeId(netns, master)],
      within: dev === null ? netnsIds(netns) : within,
      ...(hasOpenMac ? { open: [['mac']] } : {}),
      origin: at,
      note: null,
    };
  });
}

const UNLIKE: VxlanValue = { id: 0, remote: '', local: null, dev: null, port: 0 };

function observe(
  live: LiveState,
  resource: Resource<VxlanSpec>,
  context: KindContext<VxlanSpec>,
): Observation<VxlanSpec> {
  const placed = findLink(live, resource.spec, { context, mac: context.recorded?.spec.mac ?? null });
  if (!placed) return absentObservation;
  const { netns, name, link } = placed;
  const whose = foreignLinkOwner(context, link, resource.spec.mac);
  const isVxlan = link.kind === 'vxlan';
  // A link of ours of another kind goes by its own resource.
  if (whose === null && !isVxlan) return absentObservation;
  const { mac, mtu, up, master } = link;
  const label = linkLabel(context, link);
  const former = originalLinkMark(link, whose === null);
  const spec = { netns, name, label, mac, mtu, up, master, ...(link.vxlan ?? UNLIKE), ...former };
  if (!isVxlan)
    return blockingObservation(spec, `${link.kind ?? 'a device'}, not a vxlan`, 'remove or rename one of the two');
  return whose === null ? ownObservation(spec) : foreignObservation(spec, whose);
}

function describe(operation: Operation<VxlanSpec>): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec) return [];
  const name = spec.label === spec.name || spec.label === '' ? spec.name : `${spec.label} (${spec.name})`;
  return [planLine(operation, { noun: 'vxlan', name, text: textOf(operation, spec) })];
}

function textOf({ action, changes, before, cause }: Operation<VxlanSpec>, spec: VxlanSpec): string {
  if (action === 'update') return changesText(changes);
  if (action === 'replace' && before && before.name !== spec.name && cause === 'drift') {
    return `somebody renamed it to ${before.name}: replaced`;
  }
  if (action === 'replace' && before?.id === 0) return 'somebody changed its settings: replaced';
  if (action === 'replace' && changes.length > 0) return replaceText(changes, definition.immutable);
  const more = [
    spec.dev === null ? '' : `through ${spec.dev}`,
    spec.master === null ? '' : `port of ${spec.master}`,
    spec.port === DEFAULT_PORT ? '' : `port ${spec.port}`,
    action === 'create' ? `mtu ${spec.mtu}` : '',
  ];
  return [`id ${spec.id} to ${spec.remote}`, ...more].filter(Boolean).join(', ');
}

const DEFAULT_PORT = 4789;
