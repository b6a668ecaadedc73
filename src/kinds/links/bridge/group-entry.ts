import { groupEntryId } from '../../../model/ids.ts';
import type { MulticastEntryLive } from '../../../model/kernel/live-state.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import { unknownText } from '../../../model/kernel/unknown-attribute.ts';
import type { Kind, KindContext } from '../../../model/kind.ts';
import type { Lab } from '../../../model/lab.ts';
import type { Operation, PlanLine } from '../../../model/operation.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { defineKind } from '../../define-kind.ts';
import { disruptionOf } from '../../disruption.ts';
import { absentObservation, ownObservation, restoreOriginal, sharedObservation } from '../../observation.ts';
import { planLine } from '../../plan-line.ts';
import { linkDependencies } from '../link-attributes.ts';

/** A port that gets the frames of a group without asking. `vlan` null: the bridge keeps none apart. */
export type GroupEntrySpec = {
  readonly netns: string;
  /** The bridge. */
  readonly master: string;
  readonly dev: string;
  readonly group: string;
  readonly vlan: number | null;
};

const definition: Kind<GroupEntrySpec> = {
  name: 'bridge-mdb',
  compile,
  query: ({ netns }) => [{ need: 'multicast-entries', netns }],
  observe,
  immutable: ['master', 'dev', 'group', 'vlan'],
  instructions: ({ before, after }, phase) => {
    const spec = phase === 'make' ? after : before;
    if (!spec) return [];
    const { master: bridge, ...entry } = spec;
    return [[{ do: phase === 'make' ? 'mdb.add' : 'mdb.delete', bridge, ...entry }]];
  },
  describe,
  disrupts: disruptionOf(() => 'none'),
  restoreTo: restoreOriginal,
};

/** An entry of a bridge's multicast table that does not age; it goes with its port. */
export const groupEntry = defineKind(definition);

function compile(lab: Lab): readonly Resource<GroupEntrySpec>[] {
  const place = linkDependencies(lab);
  return lab.bridges.flatMap(({ netns, name, mdb = [] }) =>
    mdb.map(({ dev, group, vlan, at }) => ({
      kind: 'bridge-mdb',
      id: groupEntryId(netns, dev, vlan === null ? group : `${group}@${vlan}`),
      netns,
      spec: { netns, master: name, dev, group, vlan },
      ...place(netns, [dev]),
      origin: at,
      note: null,
    })),
  );
}

/** The kernel keeps no mark at an entry: what is there already stays when the lab goes. */
function observe(
  live: LiveState,
  { netns, spec }: Resource<GroupEntrySpec>,
  { recorded }: KindContext<GroupEntrySpec>,
): Observation<GroupEntrySpec> {
  const entries = live.get({ need: 'multicast-entries', netns }) ?? [];
  if (!entries.some((one) => isOf(one, spec))) return absentObservation;
  return recorded && !recorded.before ? ownObservation(spec) : sharedObservation(spec);
}

/** An entry for one sender stands beside that for all. */
const isOf = (one: MulticastEntryLive, { master, dev, group, vlan }: GroupEntrySpec): boolean =>
  one.bridge === master && one.dev === dev && one.group === group && one.vlan === vlan && unknownText(one) === '';

function describe(operation: Operation<GroupEntrySpec>): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec) return [];
  const vlan = spec.vlan === null ? '' : ` in VLAN ${spec.vlan}`;
  return [planLine(operation, { noun: 'mdb', name: spec.group, text: `to the port ${spec.dev}${vlan}` })];
}
