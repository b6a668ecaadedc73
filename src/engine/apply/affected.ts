import type { Spec } from '../../model/json.ts';
import type { Operation } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { type Goal, kindOf, recordedResources } from '../goal.ts';

/**
 * The part of a goal that operations can have an effect on: what they change, all that depends on it, and what else stands
 * in the same namespaces (a link that goes down for a moment loses its routes, a switch overwrites other settings).
 * Nothing else has to be looked at after them, nor to be known to undo them. Of what else is found changed then, the
 * repair is an operation, and has a scope of its own.
 */
export function affectedGoal(goal: Goal, operations: Iterable<Operation>): Goal {
  const all = [...goal.desired, ...recordedResources(goal)];
  const touched = new Set<string>();
  const ids = new Set<string>();
  for (const operation of operations) {
    ids.add(operation.id);
    for (const netns of operationNamespaces(goal, operation)) touched.add(netns);
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

/** Where it is shown, and where each of its ends is, before and after. */
function operationNamespaces(goal: Goal, operation: Operation): readonly string[] {
  const { claims: places } = kindOf(goal, operation);
  const specs = [operation.before, operation.after].filter((spec): spec is Spec => spec !== null);
  const ends = specs.flatMap((spec) => places?.(spec) ?? []).map((place) => place.slice(0, place.indexOf('/')));
  return [operation.netns, ...ends];
}

function dependentIds(resources: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn, within } of resources) {
    for (const other of new Set([...dependsOn, ...within])) appendTo(dependents, other, id);
  }
  return dependents;
}
