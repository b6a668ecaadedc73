import type { Recorded } from '../model/kind.ts';
import type { Found, Resource } from '../model/resource.ts';
import { type Goal, subjectsOf } from './goal.ts';

/**
 * The goal that undoes a run: everything as it was found before, all else that the run could have made gone. What is
 * not ours by then is left alone.
 */
export function rollbackGoal(goal: Goal, found: ReadonlyMap<string, Found>): Goal {
  const subjects = subjectsOf(goal);
  const recorded = subjects.map((resource): readonly [string, Recorded] => {
    const { kind, id, netns, spec, dependsOn, within } = resource;
    return [id, { kind, id, netns, spec, dependsOn, within, before: null }];
  });
  const desired = subjects.flatMap((resource) => asFound(goal, resource, found.get(resource.id)?.spec ?? null));
  return { ...goal, desired, recorded: new Map(recorded), foreign: 'leave', heldByOthers: new Set() };
}

function asFound(goal: Goal, resource: Resource, spec: Resource['spec'] | null): readonly Resource[] {
  if (spec === null) return [];
  const { dependsOn, within } = goal.recorded.get(resource.id) ?? resource;
  return [{ ...resource, spec, dependsOn, within }];
}
