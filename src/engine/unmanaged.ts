import { netnsId } from '../model/ids.ts';
import type { Query } from '../model/kernel/need.ts';
import type { UnmanagedObject } from '../model/kind.ts';
import type { Machine } from '../model/machine.ts';
import type { Resource } from '../model/resource.ts';
import { appendTo } from '../model/values/group-by.ts';
import type { StepFailure } from './apply/events.ts';
import { type Goal, namespacesOf, recordedResources } from './goal.ts';
import type { GoalPlan } from './plan/plan.ts';

/**
 * The unmanaged objects in the lab's namespaces; an adopted namespace has none, because what it held before is not the
 * lab's. The plan must have been made with `unmanagedQuery`.
 */
export function findUnmanagedObjects({ goal, found, live }: GoalPlan): readonly UnmanagedObject[] {
  const made = new Set(createdNamespaces(goal));
  const places = live
    .all('namespace')
    .filter(({ need: { netns } }) => made.has(netns) && found.get(netnsId(netns))?.owner === 'ours');
  if (places.length === 0) return [];
  const known = groupByNetns(goal, [...goal.desired, ...recordedResources(goal)]);
  return places.flatMap(({ need: { netns }, answer: there }) => {
    const neighbours = live.get({ need: 'neighbours', netns }) ?? [];
    const tables = live.get({ need: 'table-names', netns }) ?? [];
    const place = { netns, there, known: known.get(netns) ?? [], neighbours, tables };
    return [...goal.kinds.values()].flatMap((kind) => kind.findUnmanaged?.(place) ?? []);
  });
}

/** What has to be read to find them, beyond what a plan needs. */
export const unmanagedQuery = (goal: Goal): Query =>
  createdNamespaces(goal).flatMap(
    (netns): Query => [
      { need: 'table-names', netns },
      { need: 'neighbours', netns },
    ],
  );

/** The namespaces that netform created. */
const createdNamespaces = (goal: Goal): readonly string[] =>
  [...goal.recorded.values()].flatMap(({ id, netns, before }) =>
    before === null && id === netnsId(netns) ? [netns] : [],
  );

function groupByNetns(goal: Goal, resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources)
    for (const netns of namespacesOf(goal, resource, resource.spec)) appendTo(groups, netns, resource);
  return groups;
}

/** Deletes unmanaged objects for good, containers last; a failure does not stop the others. */
export function deleteUnmanaged(machine: Machine, extras: readonly UnmanagedObject[]): readonly StepFailure[] {
  const containers = extras.filter(({ isContainer }) => isContainer);
  const contents = extras.filter(({ isContainer }) => !isContainer);
  return [contents, containers].flatMap((batch) => executeDeletes(machine, batch));
}

function executeDeletes(machine: Machine, batch: readonly UnmanagedObject[]): readonly StepFailure[] {
  return machine.execute(batch.map(({ remove }) => remove)).map((failure) => ({ operation: null, ...failure }));
}
