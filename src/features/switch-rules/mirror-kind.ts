import { defineKind } from '../../kinds/define-kind.ts';
import { ovsPortId } from '../../kinds/links/ovs/port.ts';
import { ovsBridgeId } from '../../kinds/links/ovs/resource.ts';
import { absentObservation, blockingObservation, markOwner, ownObservation } from '../../kinds/observation.ts';
import { planLine, transitionText } from '../../kinds/plan-line.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { Spec } from '../../model/json.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { OvsMirror } from '../../model/kernel/ovs-live.ts';
import { type Kind, type KindContext, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { ovsSocket } from '../../programs/openvswitch.ts';
import { labSwitchRules } from './topology.ts';

type OvsMirrorSpec = OvsMirror & Spec & { readonly netns: string; readonly bridge: string; readonly name: string };

const definition: Kind<OvsMirrorSpec> = {
  name: 'ovs-mirror',
  compile,
  query: ({ netns }, { lab }) => [{ need: 'open-vswitch', key: ovsSocket(lab, netns) }],
  observe,
  immutable: [],
  instructions,
  describe,
  disrupts: () => 'none',
  restoreTo: () => null,
  boundToLabName: 'an Open vSwitch with paths of its name',
};

/** A mirror of a bridge of Open vSwitch: a row of its database. */
export const ovsMirror = defineKind(definition);

function compile(lab: Lab): readonly Resource<OvsMirrorSpec>[] {
  return labSwitchRules(lab).mirrors.map(({ at, ...mirror }) => {
    const { netns, bridge, name, arriving, leaving, to } = mirror;
    const ports = new Set([...arriving, ...leaving, to].filter((one) => one !== bridge));
    return {
      kind: 'ovs-mirror',
      id: `ovs-mirror:${netns}/${bridge}/${name}`,
      netns,
      spec: { ...mirror },
      dependsOn: [ovsBridgeId(netns, bridge), ...[...ports].map((port) => ovsPortId(netns, port))],
      within: [ovsBridgeId(netns, bridge)],
      origin: at,
      note: null,
    };
  });
}

function observe(
  live: LiveState,
  { netns, spec: { bridge, name } }: Resource<OvsMirrorSpec>,
  context: KindContext<OvsMirrorSpec>,
): Observation<OvsMirrorSpec> {
  const rows = live.get({ need: 'open-vswitch', key: ovsSocket(context.lab, netns) });
  const row = rows?.mirrors.get(`${bridge}/${name}`);
  if (!row) return absentObservation;
  const { mark, ...mirror } = row;
  const spec = { netns, bridge, name, ...mirror };
  if (mark === markOf(context)) return ownObservation(spec);
  return blockingObservation(spec, markOwner(mark), 'remove or rename one of the two');
}

/** A mirror that changes is another one: nothing but copies pass it. */
function instructions(
  { before, after }: Operation<OvsMirrorSpec>,
  phase: 'delete' | 'make',
  context: KindContext<OvsMirrorSpec>,
): readonly (readonly Instruction[])[] {
  const placeOf = ({ netns, bridge, name }: OvsMirrorSpec) => {
    const { lab } = context;
    return { netns, bridge, name, lab, socket: ovsSocket(lab, netns) };
  };
  const gone: readonly (readonly Instruction[])[] = before
    ? [[{ do: 'vswitch.mirror.delete', ...placeOf(before) }]]
    : [];
  if (phase === 'delete') return gone;
  if (!after) return [];
  const { all, arriving, leaving, vlans, to } = after;
  const made = { all, arriving, leaving, vlans, to, mark: markOf(context) };
  return [...gone, [{ do: 'vswitch.mirror', ...placeOf(after), ...made }]];
}

/** `of red-eth0 and blue-eth0, in VLAN 10, to probe-eth0`. */
function describe(operation: Operation<OvsMirrorSpec>): readonly PlanLine[] {
  const { action, before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const text = transitionText(action === 'create' ? null : before && mirrorText(before), after && mirrorText(after));
  return [planLine(operation, { noun: 'mirror', name: spec.name, text })];
}

function mirrorText({ all, arriving, leaving, vlans, to }: OvsMirror): string {
  const [first, ...others] = [
    ...(all ? ['all ports'] : []),
    ...(arriving.join() === leaving.join()
      ? arriving
      : [...arriving.map((port) => `${port} (in)`), ...leaving.map((port) => `${port} (out)`)]),
  ];
  return [
    `of ${[first ?? 'no port', ...others].join(' and ')}`,
    vlans.length === 0 ? '' : `in VLAN ${vlans.join(', ')}`,
    `to ${to ?? 'no port'}`,
  ]
    .filter(Boolean)
    .join(', ');
}
