import { defineKind } from '../../kinds/define-kind.ts';
import { ovsPortId } from '../../kinds/links/ovs/port.ts';
import { ovsBridgeId } from '../../kinds/links/ovs/resource.ts';
import { absentObservation, ownObservation } from '../../kinds/observation.ts';
import { planLine } from '../../kinds/plan-line.ts';
import type { Instruction } from '../../model/instruction.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { type Kind, type KindContext, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { ovsControl, ovsSocket } from '../../programs/openvswitch.ts';
import { labSwitchRules } from './topology.ts';

type OvsFlowsSpec = {
  readonly netns: string;
  readonly bridge: string;
  /** As ovs-ofctl takes them, with names of ports in quotes. */
  readonly flows: readonly string[];
  /** How the tables differ from the file, in words; empty in what is wanted. */
  readonly differs: readonly string[];
};

const definition: Kind<OvsFlowsSpec> = {
  name: 'ovs-flows',
  compile,
  query: ({ netns, spec }, { lab, recorded }) => {
    const database = ovsSocket(lab, netns);
    const lists = [spec, ...(recorded ? [recorded.spec] : [])].map(listOf);
    return [
      { need: 'open-vswitch', key: database },
      { need: 'open-flows', key: ovsControl(lab, netns, spec.bridge), database, lists },
    ];
  },
  observe,
  immutable: [],
  markFields: [['differs']],
  instructions,
  describe,
  disrupts: () => 'none',
  restoreTo: () => null,
  boundToLabName: 'an Open vSwitch with paths of its name',
};

/** All flows of a bridge of Open vSwitch. They are gone when the switch ends, and are none of its database. */
export const ovsFlows = defineKind(definition);

const listOf = ({ flows }: Pick<OvsFlowsSpec, 'flows'>): string => flows.join('\n');

function compile(lab: Lab): readonly Resource<OvsFlowsSpec>[] {
  return labSwitchRules(lab).flows.map(({ netns, bridge, flows, ports, at }) => ({
    kind: 'ovs-flows',
    id: `ovs-flows:${netns}/${bridge}`,
    netns,
    spec: { netns, bridge, flows: flows.map(({ text }) => text), differs: [] },
    dependsOn: [ovsBridgeId(netns, bridge), ...ports.map((name) => ovsPortId(netns, name))],
    within: [ovsBridgeId(netns, bridge)],
    origin: at,
    note: null,
  }));
}

/** A switch with nothing but what it does by itself has no flows. Another's bridge is the matter of the bridge. */
function observe(
  live: LiveState,
  { netns, spec }: Resource<OvsFlowsSpec>,
  context: KindContext<OvsFlowsSpec>,
): Observation<OvsFlowsSpec> {
  const row = live.get({ need: 'open-vswitch', key: ovsSocket(context.lab, netns) })?.bridges.get(spec.bridge);
  const found = live.get({ need: 'open-flows', key: ovsControl(context.lab, netns, spec.bridge) });
  if (!row || row.mark !== markOf(context) || !found) return absentObservation;
  const known = [spec, ...(context.recorded ? [context.recorded.spec] : [])].find((one) => {
    const difference = found.differences.get(listOf(one));
    return difference && difference.missing.length + difference.extra.length === 0;
  });
  if (known) return known.flows.length === 0 ? absentObservation : ownObservation({ ...spec, flows: known.flows });
  if (found.flows.length === 0) return absentObservation;
  const { missing = [], extra = [] } = found.differences.get(listOf(spec)) ?? {};
  const differs = [...missing.map((flow) => `lacks ${flow}`), ...extra.map((flow) => `has ${flow}`)];
  return ownObservation({ ...spec, flows: found.flows, differs });
}

function instructions(
  { before, after }: Operation<OvsFlowsSpec>,
  phase: 'delete' | 'make',
  { lab }: KindContext<OvsFlowsSpec>,
): readonly (readonly Instruction[])[] {
  const spec = phase === 'delete' ? before : after;
  if (!spec) return [];
  const { netns, bridge } = spec;
  const place = { netns, name: bridge, lab, socket: ovsSocket(lab, netns), control: ovsControl(lab, netns, bridge) };
  return [[{ do: 'vswitch.flows', ...place, flows: phase === 'delete' ? [] : spec.flows }]];
}

/** A line for each flow that comes or goes; of those changed by hand, what the switch lacks and has besides. */
function describe(operation: Operation<OvsFlowsSpec>): readonly PlanLine[] {
  const { before, after, netns } = operation;
  const name = (after ?? before)?.bridge ?? '';
  const line = (action: 'create' | 'delete' | 'update', text: string) =>
    planLine({ action, netns }, { noun: 'flow', name, text });
  if (before && after && before.differs.length > 0) return before.differs.map((text) => line('update', text));
  const [old, wanted] = [before?.flows ?? [], after?.flows ?? []];
  return [
    ...old.filter((flow) => !wanted.includes(flow)).map((flow) => line('delete', flow)),
    ...wanted.filter((flow) => !old.includes(flow)).map((flow) => line('create', flow)),
  ];
}
