import type { Kind, Recorded } from '../model/kind.ts';
import type { Found } from '../model/resource.ts';
import { type Goal, kindOf } from './goal.ts';

/**
 * What the state shall say after the goal was reached. `before` stays what the old state says; of a thing that had an
 * owner, or can have none, before netform came, it is what was found.
 */
export function nextState(goal: Goal, found: ReadonlyMap<string, Found>): readonly Recorded[] {
  return goal.desired.map(({ kind, id, netns, spec, dependsOn, within }) => {
    const recorded = goal.recorded.get(id);
    const there = found.get(id) ?? null;
    const before = recorded ? keptBefore(kindOf(goal, recorded), recorded.before, there) : foundBefore(there);
    return { kind, id, netns, spec, dependsOn, within, before };
  });
}

/** Something else may have taken its place meanwhile, and more of what was taken over may be the lab's now. */
function keptBefore({ union }: Kind, before: Recorded['before'], found: Found | null): Recorded['before'] {
  if (before === null) return found?.owner === 'foreign' ? foundBefore(found) : null;
  return union && found?.spec ? union(before, found.spec) : before;
}

const foundBefore = (found: Found | null): Recorded['before'] =>
  found && found.owner !== 'ours' && !found.stray ? found.spec : null;
