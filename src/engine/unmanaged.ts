import { netnsId } from '../model/ids.ts';
import type { Spec } from '../model/json.ts';
import type { FdbLive } from '../model/kernel/live-state.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { UnmanagedObject } from '../model/kind.ts';
import type { Machine } from '../model/machine.ts';
import type { Observation, Resource } from '../model/resource.ts';
import { appendTo } from '../model/values/group-by.ts';
import type { StepFailure } from './apply/events.ts';
import { type Goal, kindOf, namespacesOf, recordedResources } from './goal.ts';
import type { GoalPlan } from './plan/plan.ts';

/**
 * The unmanaged objects in the lab's namespaces, and the links elsewhere that are ports of its own; an adopted namespace has
 * no others, because what it held before is not the lab's. The plan must have been made with `unmanagedQuery`.
 */
export function findUnmanagedObjects(planned: GoalPlan): readonly UnmanagedObject[] {
  const { goal, found, live } = planned;
  const made = new Set(createdNamespaces(goal));
  const isOurs = (netns: string) => made.has(netns) && found.get(netnsId(netns))?.owner === 'ours';
  const all = live.all('namespace');
  if (all.length === 0) return [];
  const desired = new Set(goal.desired.map(({ id }) => id));
  const known = groupByNetns(goal, [...goal.desired, ...recordedResources(goal)]);
  const entries = forwardingEntriesOf(live);
  const inside = all
    .filter(({ need: { netns } }) => isOurs(netns))
    .flatMap(({ need: { netns }, answer: there }) => {
      const neighbours = live.get({ need: 'neighbours', netns }) ?? [];
      const tables = live.get({ need: 'table-names', netns }) ?? [];
      const forwardingEntries = entries.get(netns) ?? [];
      const place = { netns, there, known: known.get(netns) ?? [], neighbours, forwardingEntries, tables };
      const extras = [...goal.kinds.values()].flatMap((kind) => kind.findUnmanaged?.(place) ?? []);
      return desired.has(netnsId(netns)) ? extras : extras.map((one): UnmanagedObject => ({ ...one, role: 'leaving' }));
    });
  return [...inside, ...findAttachedObjects(planned, (netns) => !isOurs(netns)), ...findSettings(planned)];
}

const forwardingEntriesOf = (live: LiveState): ReadonlyMap<string, readonly FdbLive[]> =>
  new Map(live.all('forwarding-entries').map(({ need, answer }) => [need.netns, answer]));

/** What the objects of the lab have that the language lacks, or that the file leaves as it is: those that it keeps, and those that it is about to adopt. */
function findSettings({ goal, found, live }: GoalPlan): readonly UnmanagedObject[] {
  const places = new Map<string, Set<string>>();
  const kept = new Map<string, Map<string, Spec>>();
  const isKept = ({ owner, spec, remedy }: Observation): boolean =>
    spec !== null && (owner === 'ours' || (goal.foreign === 'adopt' && remedy === undefined));
  for (const resource of goal.desired) {
    const one = found.get(resource.id);
    if (!one || !isKept(one) || kindOf(goal, resource).isSetUpByOthers?.(resource.spec)) continue;
    for (const claim of kindOf(goal, resource).claims?.(resource.spec) ?? []) {
      const [netns = '', name = ''] = claim.split('/');
      places.set(netns, (places.get(netns) ?? new Set()).add(name));
    }
    for (const [claim, settings] of kindOf(goal, resource).keptSettings?.(resource) ?? []) {
      const [netns = '', name = ''] = claim.split('/');
      kept.set(netns, (kept.get(netns) ?? new Map<string, Spec>()).set(name, settings));
    }
  }
  const leaving = leavingClaims(goal, found);
  return [...places].flatMap(([netns, names]) => {
    const there = live.get({ need: 'namespace', netns });
    const place = there && { netns, there, names, leaving, kept: kept.get(netns) ?? new Map<string, Spec>() };
    return place ? [...goal.kinds.values()].flatMap((kind) => kind.findSettings?.(place) ?? []) : [];
  });
}

/** What resources claim that the lab has and the goal has not: `netns/name`. */
function leavingClaims(goal: Goal, found: GoalPlan['found']): ReadonlySet<string> {
  const desired = new Set(goal.desired.map(({ id }) => id));
  const leaving = recordedResources(goal).filter(({ id }) => !desired.has(id) && found.get(id)?.owner !== 'foreign');
  return new Set(leaving.flatMap((one) => kindOf(goal, one).claims?.(one.spec) ?? []));
}

/** What uses the lab's resources in namespaces that are not its own. */
function findAttachedObjects(
  { goal, found, live }: GoalPlan,
  isElsewhere: (netns: string) => boolean,
): readonly UnmanagedObject[] {
  const desired = new Set(goal.desired.map(({ id }) => id));
  const claims = new Map(
    recordedResources(goal)
      .filter(({ id }) => found.has(id) && found.get(id)?.owner !== 'foreign')
      .flatMap((one) =>
        (kindOf(goal, one).claims?.(one.spec) ?? []).map((claim) => [claim, desired.has(one.id)] as const),
      ),
  );
  if (claims.size === 0) return [];
  const entries = forwardingEntriesOf(live);
  return live
    .all('namespace')
    .filter(({ need: { netns } }) => isElsewhere(netns))
    .flatMap(({ need: { netns }, answer: there }) => {
      const place = { netns, there, claims, forwardingEntries: entries.get(netns) ?? [] };
      return [...goal.kinds.values()].flatMap((kind) => kind.findAttached?.(place) ?? []);
    });
}

/** What has to be read to find them, beyond what a plan needs. */
export const unmanagedQuery = (goal: Goal): Query => [
  ...createdNamespaces(goal).flatMap(
    (netns): Query => [
      { need: 'table-names', netns },
      { need: 'neighbours', netns },
    ],
  ),
  ...recordedResources(goal).flatMap((one) => kindOf(goal, one).unmanagedQuery?.(one) ?? []),
];

/** What has to be read to find the tables that are deleted with a lab; neighbours take long to read and are left out. */
export const leavingQuery = (goal: Goal): Query =>
  createdNamespaces(goal).map((netns) => ({ need: 'table-names', netns }) as const);

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
  const pruned = extras.filter(({ remove, role }) => remove !== null && role !== 'leaving');
  const containers = pruned.filter(({ isContainer }) => isContainer);
  const contents = pruned.filter(({ isContainer }) => !isContainer);
  return [contents, containers].flatMap((batch) => executeDeletes(machine, batch));
}

function executeDeletes(machine: Machine, batch: readonly UnmanagedObject[]): readonly StepFailure[] {
  return machine
    .execute(batch.flatMap(({ remove }) => remove ?? []))
    .map((failure) => ({ operation: null, ...failure }));
}
