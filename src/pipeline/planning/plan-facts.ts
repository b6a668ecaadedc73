import { type Goal, namespacesOf } from '../../engine/goal.ts';
import type { GoalPlan } from '../../engine/plan/plan.ts';
import { hostIdentity } from '../../kernel/boot.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { netnsId } from '../../model/ids.ts';
import { type Operation, operationsOf } from '../../model/operation.ts';
import type { PlanFacts, PlanRisk } from '../../model/results/plan-facts.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import { sha256 } from '../../model/values/hash.ts';
import type { TopologyLoadResult } from '../../source/load.ts';
import { cutsSshSession } from '../run/ssh-guard.ts';

/** The text that a plan was made from, and the places in it. */
export type PlanSource = Pick<TopologyLoadResult, 'rendered' | 'locate'>;

/** What a program wants to know of a plan; `source` null: it was made from the state alone. */
export const planFacts = (
  planned: GoalPlan,
  view: Pick<PlanView, 'empties' | 'fate' | 'extras'>,
  source: PlanSource | null,
): PlanFacts => ({
  digest: source && sha256(source.rendered),
  host: hostIdentity(),
  risk: planRisk(planned, view),
  positions: source === null ? {} : positionsOf(operationsOf(planned.plan), source),
});

function positionsOf(operations: readonly Operation[], { locate }: PlanSource): PlanFacts['positions'] {
  const places = operations.flatMap(({ id, origin }) => {
    if (origin === null) return [];
    const { line, column, within } = locate(atKey(origin));
    return [[id, { line, column, ...(within ? { file: within.file } : {}) }] as const];
  });
  return Object.fromEntries(places);
}

function planRisk(
  planned: GoalPlan,
  { empties, fate, extras }: Pick<PlanView, 'empties' | 'fate' | 'extras'>,
): PlanRisk {
  const operations = operationsOf(planned.plan);
  return {
    deletesNamespaces: operations.some(isNamespaceDelete),
    emptiesLab: empties,
    cutsSsh: cutsSshSession(planned),
    adopts: operations.some(({ takenFrom }) => takenFrom !== undefined),
    prunes: fate === 'pruned' && extras.some(({ role }) => role === undefined),
    changesMachine: operations.some((operation) => placesOf(planned.goal, operation).includes('host')),
    opens: operations.some((operation) => planned.goal.kinds.get(operation.kind)?.opens?.(operation) ?? false),
  };
}

const isNamespaceDelete = ({ action, id, netns }: Operation): boolean =>
  (action === 'delete' || action === 'replace') && id === netnsId(netns);

/** The namespaces that an operation changes something in. */
const placesOf = (goal: Goal, operation: Operation): readonly string[] =>
  [operation.before, operation.after].flatMap((spec) => (spec === null ? [] : namespacesOf(goal, operation, spec)));
