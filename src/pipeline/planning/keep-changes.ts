import type { Goal } from '../../engine/goal.ts';
import type { GoalPlan } from '../../engine/plan/plan.ts';
import { isJsonObject, type Spec } from '../../model/json.ts';
import type { StateEntry } from '../../model/kind.ts';
import { type FieldChange, type FieldPath, type Operation, operationsOf } from '../../model/operation.ts';

/** The changes of an operation that are not made. */
export type KeepRule = (operation: Operation) => readonly FieldChange[];

/** A goal in which what others changed stays so, and by id what the file says of these resources. */
export type KeptChanges = { readonly goal: Goal; readonly specs: ReadonlyMap<string, Spec> };

/** Takes changes out of a plan: the goal wants what is there. The same goal where there are none. */
export function keepChanges({ goal, plan }: GoalPlan, keeps: KeepRule | undefined): KeptChanges {
  if (keeps === undefined) return { goal, specs: new Map() };
  const found = new Map(
    operationsOf(plan).flatMap((operation) => {
      const paths = keeps(operation).map(({ path }) => path);
      const { id, before } = operation;
      return paths.length === 0 || before === null ? [] : [[id, { paths, before }] as const];
    }),
  );
  if (found.size === 0) return { goal, specs: new Map() };
  const specs = new Map(goal.desired.filter(({ id }) => found.has(id)).map(({ id, spec }) => [id, spec]));
  const desired = goal.desired.map((resource) => {
    const there = found.get(resource.id);
    if (there === undefined) return resource;
    return {
      ...resource,
      spec: there.paths.reduce((spec, path) => withFound(spec, there.before, path), resource.spec),
    };
  });
  return { goal: { ...goal, desired }, specs };
}

/** The record of a lab says what the file says: the change stays one that others made. */
export const recordKept = (resources: readonly StateEntry[], kept: KeptChanges['specs']): readonly StateEntry[] =>
  kept.size === 0 ? resources : resources.map((one) => ({ ...one, spec: kept.get(one.id) ?? one.spec }));

/** The spec with one field as it was found: without it where it was not there. */
function withFound(spec: Spec, found: Spec, [key = '', ...rest]: FieldPath): Spec {
  const [own, there] = [spec[key], found[key]];
  if (rest.length > 0 && isJsonObject(own) && isJsonObject(there))
    return { ...spec, [key]: withFound(own, there, rest) };
  const { [key]: _former, ...others } = spec;
  return there === undefined ? others : { ...spec, [key]: there };
}
