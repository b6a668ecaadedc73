import type { Kind, StateEntry } from '../../model/kind.ts';
import type { Observation } from '../../model/resource.ts';
import { type Goal, kindOf } from '../goal.ts';

/**
 * The entries of the state after the goal was reached. `before` is kept from the old state; for an object that another
 * program owned, or that can have no owner, it is what was found.
 */
export function nextState(goal: Goal, found: ReadonlyMap<string, Observation>): readonly StateEntry[] {
  return goal.desired.map(({ kind, id, netns, spec, dependsOn, within }) => {
    const recorded = goal.recorded.get(id);
    const there = found.get(id) ?? null;
    const before = recorded ? mergeBefore(kindOf(goal, recorded), recorded.before, there) : initialBefore(there);
    const { priorUses = [] } = recorded ?? there ?? {};
    const uses = priorUses.length > 0 ? { priorUses } : {};
    return { kind, id, netns, spec, dependsOn, within, before, ...uses };
  });
}

/** The entries with the revisions of what was found of them, in the first of `looks` that has it. */
export function withRevisions(
  entries: readonly StateEntry[],
  looks: readonly ReadonlyMap<string, Observation>[],
): readonly StateEntry[] {
  return entries.map((entry) => {
    const look = looks.find((found) => found.has(entry.id));
    const revision = look?.get(entry.id)?.revision;
    return revision === undefined ? entry : { ...entry, revision };
  });
}

/** Something else may have taken its place meanwhile, and more of what was taken over may be the lab's now. */
function mergeBefore(
  { merge: union }: Kind,
  before: StateEntry['before'],
  found: Observation | null,
): StateEntry['before'] {
  if (before === null) return found?.owner === 'foreign' ? initialBefore(found) : null;
  return union && found?.spec ? union(before, found.spec) : before;
}

const initialBefore = (found: Observation | null): StateEntry['before'] =>
  found && found.owner !== 'ours' && !found.isOrphaned ? found.spec : null;
