import type { Recorded } from '../model/kind.ts';
import type { Found } from '../model/resource.ts';
import type { Goal } from './goal.ts';

/**
 * What the state shall say after the goal was reached. `before` stays what the old state says; of a thing that had an
 * owner, or can have none, before netform came, it is what was found.
 */
export function nextState(goal: Goal, found: ReadonlyMap<string, Found>): readonly Recorded[] {
  return goal.desired.map(({ kind, id, netns, spec, dependsOn, within }) => {
    const recorded = goal.recorded.get(id);
    const before = recorded ? recorded.before : foundBefore(found.get(id));
    return { kind, id, netns, spec, dependsOn, within, before };
  });
}

const foundBefore = (found: Found | undefined) => (found && found.owner !== 'ours' ? found.spec : null);
