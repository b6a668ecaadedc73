import { invariant } from '../../model/error.ts';
import type { Operation, Stage } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import { compareText } from '../../model/values/compare.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { type DependencyGraph, type Goal, kindOf, recordedResources } from '../goal.ts';

/**
 * The operations as stages: deletes first, dependents before their former dependencies, and with them what leaves its
 * place; then all others, desired dependencies first; then what may use the network as it is made. A replace is in both
 * halves. Unchanged resources between two operations count too. Inside a stage the order means nothing; it is by
 * namespace, so that each is entered once.
 */
export function order(goal: Goal, operations: readonly Operation[]): readonly Stage[] {
  if (operations.length === 0) return [];
  const recorded = recordedResources(goal);
  const leaving = new Set(operations.filter((operation) => leavesFirst(goal, operation)));
  const removed = operations.filter((one) => one.action === 'delete' || one.action === 'replace' || leaving.has(one));
  const made = operations.filter((one) => one.action !== 'delete' && !leaving.has(one));
  const deletes = stagesOf(removed, dependenciesOf([...goal.desired, ...recorded]));
  const dependencies = dependenciesOf([...recorded, ...goal.desired]);
  const late = lateOperations(goal, made, dependencies);
  const makes = stagesOf(
    made.filter((one) => !late.has(one)),
    dependencies,
  );
  return [
    ...deletes.reverse().map((stage): Stage => ({ phase: 'delete', operations: stage })),
    ...makes.map((stage): Stage => ({ phase: 'make', operations: stage })),
    ...stagesOf([...late], dependencies).map((stage): Stage => ({ phase: 'make', operations: stage, afterLast: true })),
  ];
}

/** Operations of kinds that use the network, without those that an operation of another kind needs: a link of a program. */
function lateOperations(goal: Goal, made: readonly Operation[], dependencies: DependencyGraph): ReadonlySet<Operation> {
  const candidates = made.filter((one) => kindOf(goal, one).usesNetwork === true);
  if (candidates.length === 0) return new Set();
  const possible = new Set(candidates);
  const needed = new Set(made.filter((one) => !possible.has(one)).map(({ id }) => id));
  for (const id of needed) for (const need of dependencies.get(id) ?? []) needed.add(need);
  return new Set(candidates.filter(({ id }) => !needed.has(id)));
}

const leavesFirst = (goal: Goal, operation: Operation): boolean => {
  const { action, before, after } = operation;
  return (
    action === 'update' &&
    before !== null &&
    after !== null &&
    kindOf(goal, operation).leavesFirst?.(before, after) === true
  );
};

/** Of each id the ids that it needs; of two resources with one id the later counts. */
const dependenciesOf = (resources: readonly Resource[]): DependencyGraph =>
  new Map(resources.map(({ id, dependsOn, within }) => [id, [...new Set([...dependsOn, ...within])]]));

function stagesOf(operations: readonly Operation[], dependencies: DependencyGraph): Operation[][] {
  const level = levelsOf(dependencies);
  const stages: Operation[][] = [];
  for (const operation of operations) {
    const depth = level.get(operation.id) ?? 0;
    const stage = stages[depth];
    if (stage) stage.push(operation);
    else stages[depth] = [operation];
  }
  return stages.filter((stage) => stage !== undefined).map((stage) => stage.sort(byNetnsAndId));
}

/** The longest way down from each id, in one pass over nodes and edges; ids that are not nodes are there already. */
function levelsOf(dependencies: DependencyGraph): ReadonlyMap<string, number> {
  const missing = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  for (const [id, needs] of dependencies) {
    const known = needs.filter((need) => dependencies.has(need));
    missing.set(id, known.length);
    for (const need of known) appendTo(dependents, need, id);
  }
  const level = new Map<string, number>();
  const ready = [...missing.keys()].filter((id) => missing.get(id) === 0);
  for (const id of ready) level.set(id, 0);
  for (const id of ready) {
    for (const dependent of dependents.get(id) ?? []) {
      level.set(dependent, Math.max(level.get(dependent) ?? 0, (level.get(id) ?? 0) + 1));
      const left = (missing.get(dependent) ?? 0) - 1;
      missing.set(dependent, left);
      if (left === 0) ready.push(dependent);
    }
  }
  const stuck = [...missing.keys()].filter((id) => (missing.get(id) ?? 0) > 0);
  invariant(stuck.length === 0, `these depend on each other in a circle: ${stuck.slice(0, 5).join(', ')}`);
  return level;
}

function byNetnsAndId(a: Operation, b: Operation): number {
  return rank(a) - rank(b) || compareText(a.netns, b.netns) || compareText(a.id, b.id);
}

const rank = (operation: Operation): number => (operation.netns === 'host' ? 0 : 1);
