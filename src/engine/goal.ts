import type { Spec } from '../model/json.ts';
import type { Query } from '../model/kernel/need.ts';
import type { Kind, KindContext, StateEntry } from '../model/kind.ts';
import type { Resource } from '../model/resource.ts';

/** What one run has to reach, as a value: the same machine and the same goal give the same plan. */
export type Goal = {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly lab: string;
  /** Eight hex digits; part of every mark. */
  readonly uid: string;
  /** All desired resources. Empty to destroy. */
  readonly desired: readonly Resource[];
  /** All that the state says we made, by id. */
  readonly recorded: ReadonlyMap<string, StateEntry>;
  /**
   * What happens to an object that is not ours under an id of ours. `refuse`: it is reported. `adopt`: it becomes ours.
   * `leave`: it is as if it were not part of the goal.
   */
  readonly foreign: 'refuse' | 'adopt' | 'leave';
  /** Ids that other labs hold too: a shared resource among them is released without a change. */
  readonly heldByOthers: ReadonlySet<string>;
  /** Needs beyond those of the resources, read at the same time. */
  readonly extraQuery: Query;
  /** By id, the states that this run has begun to restore: what is there meanwhile does not decide it a second time. */
  readonly restoring?: ReadonlyMap<string, Spec>;
  /** The bytes of a digest in a spec; null: they are not known. Left out: there are none. */
  readonly bytesOf?: (sha: string) => string | null;
  /** Of a rollback: ids that the run which it undoes meant to change. */
  readonly interrupted?: ReadonlySet<string>;
};

/** Ids, each with those that must exist before it. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

/** What is looked at: each desired resource, and each recorded one that is no longer desired. Every id once. */
export const subjectsOf = memoizePerGoal((goal: Goal): readonly Resource[] => {
  const desired = new Set(goal.desired.map((resource) => resource.id));
  return [...goal.desired, ...recordedResources(goal).filter((resource) => !desired.has(resource.id))];
});

/** The recorded resources in the form of desired ones. */
export const recordedResources = memoizePerGoal((goal: Goal): readonly Resource[] =>
  [...goal.recorded.values()].map(({ kind, id, netns, spec, dependsOn, within }) => {
    return { kind, id, netns, spec, dependsOn, within, origin: null, note: null };
  }),
);

const desiredIds = memoizePerGoal((goal: Goal): ReadonlySet<string> => new Set(goal.desired.map(({ id }) => id)));

/** Goals are values: what follows from one is found once. */
function memoizePerGoal<T>(find: (goal: Goal) => T): (goal: Goal) => T {
  const known = new WeakMap<Goal, { readonly value: T }>();
  return (goal) => {
    const found = known.get(goal) ?? { value: find(goal) };
    known.set(goal, found);
    return found.value;
  };
}

/** The kind of a resource. A name that no kind has is our own bug, or a state written by a newer netform. */
export function kindOf(goal: Goal, thing: { readonly kind: string; readonly id: string }): Kind {
  const kind = goal.kinds.get(thing.kind);
  if (!kind) throw new Error(`invariant: ${thing.id} is of the kind ${thing.kind}, which this netform does not know`);
  return kind;
}

/** The namespaces that a resource of such a spec is in: its own, and those of every name that it claims. */
export function namespacesOf(goal: Goal, thing: LocatedThing, spec: Spec): readonly string[] {
  const claims = kindOf(goal, thing).claims?.(spec) ?? [];
  return [...new Set([thing.netns, ...claims.map((claim) => claim.slice(0, claim.indexOf('/')))])];
}

type LocatedThing = { readonly kind: string; readonly id: string; readonly netns: string };

/** The context that a kind gets for the resource of that id. */
export const kindContext = (goal: Goal, id: string): KindContext => ({
  lab: goal.lab,
  uid: goal.uid,
  recorded: goal.recorded.get(id) ?? null,
  interrupted: goal.interrupted?.has(id) ?? false,
  ...(goal.bytesOf ? { bytesOf: goal.bytesOf } : {}),
  ...(goal.foreign === 'adopt' ? { adopting: true } : {}),
  ...(desiredIds(goal).has(id) ? {} : { releasing: true }),
});
