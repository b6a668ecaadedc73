import { defineKind } from '../../kinds/define-kind.ts';
import { noDisruption } from '../../kinds/disruption.ts';
import { restoreOriginal } from '../../kinds/observation.ts';
import { planLine, transitionText } from '../../kinds/plan-line.ts';
import { linkIdsOf, netnsIds } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import { NETFORM_HANDLE } from '../../model/kernel/impairment.ts';
import { type Kind, type KindContext, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import { formatImpairment, impairmentOf } from '../../net/impairment.ts';
import { egressRules, egressScript, egressTable } from './egress-script.ts';
import { observeImpairment } from './observe.ts';
import { hasQueue, type ImpairSpec } from './spec.ts';
import { labImpairments } from './topology.ts';

const definition: Kind<ImpairSpec> = {
  name: 'qdisc',
  compile,
  query: ({ netns, spec }, { lab }) => [
    { need: 'namespace', netns },
    { need: 'queues', netns },
    { need: 'egress-table', netns, key: egressTable(lab, spec.dev) },
  ],
  observe: observeImpairment,
  immutable: ['netns', 'dev'],
  markFields: [['handle']],
  isCreatable: (spec) => hasQueue(spec) || spec.table !== null,
  claims: ({ netns, dev }) => [`${netns}/${queueClaim(dev)}`],
  instructions: impairInstructions,
  describe,
  disrupts: noDisruption,
  restoreTo: restoreOriginal,
  relabel: ({ id, spec }, lab) => ({
    id,
    spec: spec.table === null ? spec : { ...spec, table: egressTable(lab, spec.dev) },
  }),
  remark: (spec, context) => {
    const { netns, table } = spec;
    if (table === null) return {};
    return {
      copy: [tableInstruction(spec, table, context)],
      drop: [{ do: 'nft.delete', netns, table, family: 'netdev' }],
    };
  },
};

/** What impairs a link: its root queue, and a chain on its egress hook where the kernel has no netem. */
export const qdisc = defineKind(definition);

/** The name by which a queue is known to be the lab's. */
const queueClaim = (dev: string): string => `queue of ${dev}`;

/** The queue goes with its link. So does the chain, or what it does: a table is made again with its link, and goes before it. */
function compile(lab: Lab): readonly Resource<ImpairSpec>[] {
  const ids = linkIdsOf(lab);
  return labImpairments(lab).map(({ netns, dev, impairment, by, at }) => {
    const link = ids.get(`${netns}/${dev}`);
    const hasTable = by === 'parts' && egressRules(dev, impairment).length > 0;
    const links = link === undefined ? [] : [link];
    return {
      kind: 'qdisc',
      id: qdiscId(netns, dev),
      netns,
      spec: { netns, dev, by, table: hasTable ? egressTable(lab.name, dev) : null, ...impairment, altered: null },
      dependsOn: [...netnsIds(netns), ...links],
      within: netnsIds(netns),
      remadeWith: links,
      origin: at,
      note: null,
    };
  });
}

/** The id of what impairs a link: `qdisc:red/eth0`. */
export const qdiscId = (netns: string, dev: string): string => `qdisc:${netns}/${dev}`;

/** What goes first: a queue of another handle or kind would be in the way. */
export function impairInstructions(
  { before, after, action }: Pick<Operation<ImpairSpec>, 'before' | 'after' | 'action'>,
  phase: 'delete' | 'make',
  context: Pick<KindContext, 'lab' | 'uid'>,
): readonly (readonly Instruction[])[] {
  if (phase === 'delete') return before ? [removals(before, null)] : [];
  if (!after) return [];
  const old = action === 'update' ? before : null;
  const { netns, dev, by, table, handle = NETFORM_HANDLE } = after;
  const impairment = impairmentOf(after);
  return [
    ...(old ? [removals(old, after)] : []),
    [
      ...(hasQueue(after)
        ? [{ do: 'queue.set', netns, dev, kind: by === 'netem' ? 'netem' : 'tbf', handle, impairment } as const]
        : []),
      ...(table === null ? [] : [tableInstruction(after, table, context)]),
    ],
  ];
}

function removals(before: ImpairSpec, after: ImpairSpec | null): readonly Instruction[] {
  const { netns, dev, table } = before;
  const handle = before.handle ?? NETFORM_HANDLE;
  const isKept = after && hasQueue(after) && after.by === before.by && (after.handle ?? NETFORM_HANDLE) === handle;
  return [
    ...(hasQueue(before) && !isKept ? [{ do: 'queue.delete', netns, dev, handle } as const] : []),
    ...(table !== null && !after?.table ? [{ do: 'nft.delete', netns, table, family: 'netdev' } as const] : []),
  ];
}

const tableInstruction = (spec: ImpairSpec, table: string, context: Pick<KindContext, 'lab' | 'uid'>): Instruction => ({
  do: 'nft.replace',
  netns: spec.netns,
  table,
  family: 'netdev',
  script: egressScript(table, spec.dev, { mark: markOf(context), rules: egressRules(spec.dev, spec) }),
});

function describe(operation: Operation<ImpairSpec>): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec || (spec.by === 'none' && operation.action === 'create')) return [];
  const text = transitionText(
    operation.before && operation.action !== 'create' ? textOf(operation.before) : null,
    operation.after && textOf(operation.after),
  );
  return text === '' ? [] : [planLine(operation, { noun: 'impair', name: spec.dev, text })];
}

const textOf = (spec: ImpairSpec): string =>
  [formatImpairment(impairmentOf(spec)), spec.altered ?? ''].filter(Boolean).join(', ') || 'none';
