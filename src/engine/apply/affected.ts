import type { Spec } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { type Goal, kindOf, namespacesOf, recordedResources } from '../goal.ts';

/**
 * The part of a goal that operations can affect: the resources that they change, all that depend on these, and the others
 * in the same namespaces (a link that goes down for a moment loses its routes, a switch overwrites other settings), unless all that changes there is a file. Only
 * these are read again after the operations, and recorded for a rollback. A repair of one of them is an operation with a
 * scope of its own.
 */
export function affectedGoal(goal: Goal, operations: Iterable<Operation>): Goal {
  const all = [...goal.desired, ...recordedResources(goal)];
  const touched = new Set<string>();
  const ids = new Set<string>();
  for (const operation of operations) {
    ids.add(operation.id);
    if (!isSelfContained(goal, operation)) for (const netns of operationNamespaces(goal, operation)) touched.add(netns);
  }
  const dependents = dependentIds(all);
  for (const id of ids) for (const dependent of dependents.get(id) ?? []) ids.add(dependent);
  for (const { id, netns } of all) if (touched.has(netns)) ids.add(id);
  return {
    ...goal,
    desired: goal.desired.filter(({ id }) => ids.has(id)),
    recorded: new Map([...goal.recorded].filter(([id]) => ids.has(id))),
    extraQuery: [],
  };
}

const isSelfContained = (goal: Goal, operation: Operation): boolean => kindOf(goal, operation).isSelfContained === true;

/** The namespaces that an operation's resource is in, before and after. */
function operationNamespaces(goal: Goal, operation: Operation): readonly string[] {
  const specs = [operation.before, operation.after].filter((spec): spec is Spec => spec !== null);
  return [operation.netns, ...specs.flatMap((spec) => namespacesOf(goal, operation, spec))];
}

function dependentIds(resources: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn, within } of resources) {
    for (const other of new Set([...dependsOn, ...within])) appendTo(dependents, other, id);
  }
  return dependents;
}
