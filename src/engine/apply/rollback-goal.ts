import type { StateEntry } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { type Goal, subjectsOf } from '../goal.ts';

/** What was there when the run began, by id; a spec of null, or no entry: nothing. */
export type RollbackBaseline = ReadonlyMap<string, Pick<Observation, 'spec'>>;

/**
 * The goal that rolls a run back: everything as it was found before, without what the run created (`touched`, by id).
 * Foreign objects are left alone, including those that another program created meanwhile.
 */
export function rollbackGoal(goal: Goal, before: RollbackBaseline, touched: ReadonlySet<string>): Goal {
  const made = goal.desired
    .filter(({ id }) => touched.has(id))
    .map(({ origin: _origin, note: _note, ...rest }): [string, StateEntry] => [rest.id, { ...rest, before: null }]);
  const recorded = new Map([...goal.recorded, ...made]);
  const desired = subjectsOf(goal).flatMap((resource) =>
    asObserved(goal, resource, before.get(resource.id)?.spec ?? null),
  );
  return { ...goal, desired, recorded, foreign: 'leave', heldByOthers: new Set(), interrupted: touched };
}

function asObserved(goal: Goal, resource: Resource, spec: Resource['spec'] | null): readonly Resource[] {
  if (spec === null) return [];
  const { dependsOn, within } = goal.recorded.get(resource.id) ?? resource;
  return [{ ...resource, spec, dependsOn, within }];
}
