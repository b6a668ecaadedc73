import type { Instruction, LinkSettings } from '../../../model/instruction.ts';
import type { KindContext } from '../../../model/kind.ts';
import type { Operation } from '../../../model/operation.ts';
import { linkMark } from '../link-attributes.ts';
import { inSteps } from '../link-instructions.ts';
import { portChanges } from '../port-settings.ts';
import type { NicSpec } from './spec.ts';

/** What the kernel gives a port whose link says no speed (`port_cost` in net/bridge/br_if.c). */
const COST_WITHOUT_SPEED = 100;

type Batches = readonly (readonly Instruction[])[];

/** Marks a NIC before it moves, so that one is known wherever a killed run left it, and takes the mark away last. */
export function moveInstructions(
  operation: Operation<NicSpec>,
  phase: 'delete' | 'make',
  context: KindContext<NicSpec>,
): Batches {
  const { action, before, after } = operation;
  const rounds =
    phase === 'delete'
      ? before
        ? move(operation, { from: before, to: action === 'update' && after ? after : onMachine(before) }, context)
        : []
      : after
        ? move(operation, { from: action === 'update' && before ? before : onMachine(after), to: after }, context)
        : [];
  return rounds.filter((round) => round.length > 0);
}

/** On the machine, where nothing is known of it: down, without a mark. */
const onMachine = ({ nic, inside }: NicSpec): NicSpec => ({
  ...{ netns: 'host', name: nic, label: '', nic, inside, mtu: null, up: false, master: null },
  former: { alias: null, group: 0 },
});

function move(
  operation: Operation<NicSpec>,
  { from, to }: { readonly from: NicSpec; readonly to: NicSpec },
  context: KindContext<NicSpec>,
): Batches {
  const isMoved = from.netns !== to.netns || from.name !== to.name;
  // The kernel sets a NIC down, and takes it from its master, before it moves it (`__dev_change_net_namespace`).
  const start: NicSpec = isMoved ? { ...from, up: false, master: null } : from;
  const mark = linkMark(context, to);
  const isMarkNew = !to.former && (from.former !== undefined || from.label !== to.label);
  const port = portChanges(isMoved ? null : from, to, COST_WITHOUT_SPEED);
  const settings: readonly LinkSettings[] = [
    ...inSteps(operation, changedSettings(start, { ...to, up: port ? start.up : to.up }), to),
    ...(port ? [{ port }, ...(to.up === start.up ? [] : [{ up: to.up }])] : []),
    ...(to.former ? [mark] : []),
  ];
  return [
    isMarkNew ? [{ do: 'link.set', netns: from.netns, name: from.name, set: mark }] : [],
    isMoved && from.up ? [{ do: 'link.set', netns: from.netns, name: from.name, set: { up: false } }] : [],
    isMoved ? [{ do: 'link.move', netns: from.netns, name: from.name, to: { netns: to.netns, name: to.name } }] : [],
    ...settings.map((set): readonly Instruction[] =>
      Object.keys(set).length === 0 ? [] : [{ do: 'link.set', netns: to.netns, name: to.name, set }],
    ),
  ];
}

const changedSettings = (from: NicSpec, to: NicSpec): LinkSettings => ({
  ...(to.mtu === null || from.mtu === to.mtu ? {} : { mtu: to.mtu }),
  ...(from.up === to.up ? {} : { up: to.up }),
  ...(from.master === to.master ? {} : { master: to.master }),
});
