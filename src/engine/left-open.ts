import type { Json, Spec } from '../model/json.ts';
import type { Found, Resource } from '../model/resource.ts';
import { type Goal, kindOf } from './goal.ts';

/**
 * The goal with what nobody has decided as it is in what is about to be taken over, and as it was in what has been; and
 * without what only serves something that is left to somebody else's doing. `found`: what is there, by id.
 */
export function leaveOpen(goal: Goal, found: ReadonlyMap<string, Found>): Goal {
  const left = new Set<string>();
  const desired = goal.desired.map((resource) => {
    const there = found.get(resource.id);
    const was = resource.open && wasBefore(goal, resource, there);
    const spec = was
      ? (resource.open ?? []).reduce((one, path) => withField(one, was, path), resource.spec)
      : resource.spec;
    const wanted = there?.spec ? (kindOf(goal, resource).leave?.(spec, there.spec) ?? spec) : spec;
    if (wanted !== spec) left.add(resource.id);
    return wanted === resource.spec ? resource : { ...resource, spec: wanted };
  });
  if (desired.every((resource, i) => resource === goal.desired[i])) return goal;
  return { ...goal, desired: desired.filter(({ serves }) => serves === undefined || !left.has(serves)) };
}

/** What somebody else had made of it; null: nobody had. */
function wasBefore(goal: Goal, { id }: Resource, found: Found | undefined): Spec | null {
  // Also of one that was ours: somebody made it anew, and it is taken over like any other.
  const isTaken = goal.foreign === 'adopt' && found?.owner === 'foreign' && !found.stray && found.remedy === undefined;
  return isTaken ? found.spec : (goal.recorded.get(id)?.before ?? null);
}

function withField(spec: Spec, was: Spec, [key = '', ...rest]: readonly string[]): Spec {
  const [own, other] = [spec[key], was[key]];
  if (own === undefined || other === undefined) return spec;
  if (rest.length === 0) return { ...spec, [key]: other };
  return isSpec(own) && isSpec(other) ? { ...spec, [key]: withField(own, other, rest) } : spec;
}

const isSpec = (value: Json): value is Spec => typeof value === 'object' && value !== null && !Array.isArray(value);
