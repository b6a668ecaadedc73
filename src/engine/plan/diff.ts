import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { type Spec, sameJson } from '../../model/json.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { FieldChange, Operation } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { foreignReason, NO_MARK, objectPhrase } from '../../model/values/object-phrase.ts';
import { type Goal, kindOf, subjectsOf } from '../goal.ts';
import { cascade } from './cascade.ts';
import { fieldDiff } from './field-diff.ts';

/** The operations that reach a goal, and what stands in their way. */
export type GoalDiff = {
  /** In no order; at most one an id. */
  readonly operations: readonly Operation[];
  /** The objects that are not ours and in the way. Nothing may be executed when there is one. */
  readonly diagnostics: readonly Diagnostic[];
};

type ResourceObservation = { readonly resource: Resource; readonly found: Observation };

/** The machine as it was read, and what is there as the state describes it. */
type DiffContext = { readonly live: LiveState; readonly before: ReadonlyMap<string, Observation> };

/** The namespaces that are others than those in which the state says that things were made: these were not removed by hand. */
type DesiredContext = DiffContext & { readonly renewed: ReadonlySet<string> };

/** What has to happen so that what is found becomes the goal. Empty when it is the goal already. */
export function diff(goal: Goal, found: ReadonlyMap<string, Observation>, seen: DiffContext): GoalDiff {
  const desired = new Set(goal.desired.map((resource) => resource.id));
  const looked = subjectsOf(goal).flatMap((resource): readonly ResourceObservation[] => {
    const there = found.get(resource.id);
    return there ? [{ resource, found: there }] : [];
  });
  const renewed = renewedNamespaces(goal);
  const drafts = looked.flatMap((one) =>
    desired.has(one.resource.id) ? diffDesired(goal, one, { ...seen, renewed }) : diffRemoved(goal, one, seen),
  );
  const operations = cascade(goal, drafts, found);
  const explicit = new Map(operations.map((operation) => [operation.id, operation]));
  const diagnostics = looked.flatMap((one) => {
    const planned = explicit.get(one.resource.id);
    // An object in a container that is deleted anyhow is not in the way.
    if (goal.foreign === 'leave' || !isForeign(one) || planned?.takenBy !== null) return [];
    const remedy = remedyFor(goal, one, { isDesired: desired.has(one.resource.id) });
    const isRecorded = goal.recorded.has(one.resource.id);
    return remedy === null ? [] : [foreignObjectDiagnostic(one, { remedy, isRecorded })];
  });
  return { operations, diagnostics };
}

/** Those whose identity only the machine knows, where it is not the recorded one. */
const renewedNamespaces = (goal: Goal): ReadonlySet<string> =>
  new Set(
    goal.desired.flatMap((resource) => {
      const recorded = goal.recorded.get(resource.id);
      const isNew = recorded && kindOf(goal, resource).complete && !sameJson(recorded.spec, resource.spec);
      return isNew ? [resource.netns] : [];
    }),
  );

function diffDesired(goal: Goal, one: ResourceObservation, { before, renewed }: DesiredContext): readonly Operation[] {
  const { resource, found } = one;
  const recorded = goal.recorded.get(resource.id);
  const cause: Operation['cause'] =
    recorded && !renewed.has(resource.netns) && (found.spec === null || sameJson(recorded.spec, resource.spec))
      ? 'drift'
      : 'file';
  const canMake = kindOf(goal, resource).isCreatable?.(resource.spec) ?? true;
  if (found.spec === null && !canMake) return [];
  if (found.spec === null) return [newOperation(resource, 'create', { before: null, after: resource.spec, cause })];
  if (isForeign(one) && goal.foreign === 'leave') return [];
  if (!isForeign(one) && sameJson(found.spec, resource.spec)) return [];
  const fixed = immutableChanges(goal, one).length > 0;
  if (fixed && !canMake) return [];
  const states = { before: found.spec, after: resource.spec, cause };
  const draft = newOperation(resource, fixed ? 'replace' : 'update', states);
  const byHand = cause === 'file' && recorded ? driftOf(recorded.spec, before.get(resource.id)?.spec ?? null) : [];
  return [
    {
      ...draft,
      ...(byHand.length > 0 ? { byHand } : {}),
      ...(isForeign(one) ? { takenFrom: found.whose ?? NO_MARK } : {}),
    },
  ];
}

function diffRemoved(goal: Goal, one: ResourceObservation, { live }: DiffContext): readonly Operation[] {
  const { resource, found } = one;
  const recorded = goal.recorded.get(resource.id);
  if (found.spec === null || !recorded) return [];
  if (found.owner === 'shared' && goal.heldByOthers.has(resource.id)) return [];
  if (isForeign(one) && goal.foreign === 'leave') return [];
  const target = goal.restoring?.get(resource.id) ?? kindOf(goal, resource).restoreTo(recorded, found.spec, live);
  if (target === null) return [newOperation(resource, 'delete', { before: found.spec, after: null, cause: 'file' })];
  if (sameJson(target, found.spec)) return [];
  const back = newOperation(resource, 'update', { before: found.spec, after: target, cause: 'file' });
  return [found.owner === 'ours' ? { ...back, givenBack: true } : back];
}

const isForeign = (one: ResourceObservation): boolean => one.found.owner === 'foreign' && one.found.spec !== null;

function immutableChanges(goal: Goal, { resource, found }: ResourceObservation): readonly string[] {
  const { immutable, fixedBetween } = kindOf(goal, resource);
  const changed = immutable.filter((field) => !sameJson(found.spec?.[field], resource.spec[field]));
  return found.spec && fixedBetween ? [...changed, ...fixedBetween(found.spec, resource.spec)] : changed;
}

/** The drift of a resource; fields that were not recorded do not count. */
const driftOf = (recorded: Spec, found: Spec | null): readonly FieldChange[] =>
  found === null ? [] : fieldDiff(recorded, found).filter(({ before }) => before !== null);

/** What to do about a foreign object; null: it is taken over. */
function remedyFor(
  goal: Goal,
  one: ResourceObservation,
  { isDesired }: { readonly isDesired: boolean },
): string | null {
  const { resource, found } = one;
  if (!isDesired) return `netform forget ${goal.lab} --resource ${resource.id} lets go of it and leaves it as it is`;
  if (found.remedy !== undefined) return found.remedy;
  const fixed = found.isOrphaned ? [] : immutableChanges(goal, one);
  if (fixed.length > 0) return 'remove or rename one of the two: it is too different to be taken over';
  return goal.foreign === 'adopt' ? null : 'remove or rename one of the two, or run again with --adopt to take it over';
}

function newOperation(
  resource: Resource,
  action: Operation['action'],
  states: { readonly before: Spec | null; readonly after: Spec | null; readonly cause: Operation['cause'] },
): Operation {
  const { kind, id, netns, dependsOn, within, origin, note } = resource;
  const { before, after } = states;
  const changes = before && after ? fieldDiff(before, after) : [];
  return { action, kind, id, netns, ...states, changes, takenBy: null, dependsOn, within, origin, note };
}

function foreignObjectDiagnostic(
  { resource, found }: ResourceObservation,
  { remedy, isRecorded }: { readonly remedy: string; readonly isRecorded: boolean },
): Diagnostic {
  const at = resource.origin && atKey(resource.origin);
  return makeDiagnostic('foreign-object', at, `${objectPhrase(resource.id)} ${foreignReason(found, isRecorded)}`, {
    foreign: true,
    hint: remedy,
  });
}

/** The entry of `foreign-object` in docs/checks.md. */
export const foreignObjectDoc: CheckDoc = {
  name: 'foreign-object',
  code: 'NF3001',
  title: 'Conflict with an unmanaged object',
  explain:
    'The machine has an object under a name that the lab needs, and it does not carry the mark of this lab. netform never changes or removes it; the run ends with exit code 7. Rename the object in the file, remove the other one, or adopt it with `--adopt`.',
  bad: `
bridges: { docker0: 172.17.0.0/16 }
`,
  good: `
bridges: { lan: 192.168.15.0/24 }
`,
};
