import { isJsonObject, type Spec } from '../../model/json.ts';
import type { FieldPath } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { type Goal, kindOf } from '../goal.ts';

/**
 * The goal in which unspecified fields have the values of the objects that are about to be adopted, and the former values of
 * adopted ones; without resources that exist only for one that stays as another program set it. `found`: what is there, by id.
 */
export function adoptUnspecified(goal: Goal, found: ReadonlyMap<string, Observation>): Goal {
  const left = new Map(goal.desired.flatMap((resource) => deferredSpec(goal, resource, found.get(resource.id))));
  const desired = goal.desired.map((resource) => {
    const wanted = left.get(resource.id);
    if (wanted !== undefined) return { ...resource, spec: wanted };
    const fields = unspecifiedFields(resource, left);
    const was = fields.length > 0 ? specBefore(goal, resource, found.get(resource.id)) : null;
    return was
      ? { ...resource, spec: fields.reduce((one, path) => withField(one, was, path), resource.spec) }
      : resource;
  });
  if (desired.every((resource, i) => resource === goal.desired[i])) return goal;
  return { ...goal, desired: desired.filter(({ onlyFor }) => onlyFor === undefined || !left.has(onlyFor)) };
}

/** The spec of a resource that stays as another program set it, by its id. */
function deferredSpec(
  goal: Goal,
  resource: Resource,
  found: Observation | undefined,
): readonly (readonly [string, Spec])[] {
  const { id, spec } = resource;
  const wanted = found?.spec ? (kindOf(goal, resource).deferTo?.(spec, found.spec) ?? spec) : spec;
  return wanted === spec ? [] : [[id, wanted]];
}

const unspecifiedFields = (
  { unspecified = [], unspecifiedUnless = {} }: Resource,
  left: ReadonlyMap<string, Spec>,
): readonly FieldPath[] => [
  ...unspecified,
  ...Object.entries(unspecifiedUnless).flatMap(([id, fields]) => (left.has(id) ? fields : [])),
];

/** The spec from before netform managed the object; null: netform created it. */
function specBefore(goal: Goal, { id }: Resource, found: Observation | undefined): Spec | null {
  // Also of one that was ours: another program created it again, and it is adopted like any other.
  const isTaken =
    goal.foreign === 'adopt' && found?.owner === 'foreign' && !found.isOrphaned && found.remedy === undefined;
  return isTaken ? found.spec : (goal.recorded.get(id)?.before ?? null);
}

function withField(spec: Spec, was: Spec, [key = '', ...rest]: FieldPath): Spec {
  const [own, other] = [spec[key], was[key]];
  if (other === undefined) return spec;
  if (rest.length === 0) return { ...spec, [key]: other };
  const inside = own ?? {};
  if (!isJsonObject(inside) || !isJsonObject(other)) return spec;
  const inner = withField(inside, other, rest);
  // What neither has stays left out.
  return own === undefined && Object.keys(inner).length === 0 ? spec : { ...spec, [key]: inner };
}
