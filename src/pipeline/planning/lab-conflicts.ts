import { nextFreeSubnet, takenSubnets } from '../../checks/addresses/free-subnet.ts';
import {
  findLabConflicts,
  type LabConflict,
  labConflictDiagnostics,
  type RecordedLabClaims,
  type ResourceClaim,
} from '../../checks/machine/lab-conflict.ts';
import type { Goal } from '../../engine/goal.ts';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Resource } from '../../model/resource.ts';
import type { State } from '../../model/state.ts';
import { kinds } from '../../registry/kinds.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import type { Store } from '../../store/store.ts';

/**
 * What other recorded labs have of a goal: the labs, the goal without the resources that they have, and a function that
 * returns the findings, given the lab and what was read of this machine.
 */
export type ConflictResolution = {
  readonly diagnose: (lab: Lab, live: LiveState) => readonly Diagnostic[];
  readonly labs: ReadonlySet<string>;
  readonly goal: Goal;
};

/** Compares a goal with the records of the other labs. What the lab's own record has is not in conflict with any. */
export function resolveLabConflicts(
  store: Store,
  goal: Goal,
  { state, file }: { readonly state: State | null; readonly file: string | null },
): ConflictResolution {
  const others = readOtherLabs(store, goal.lab).states;
  const conflicts = others.length === 0 ? [] : findLabConflicts(newClaims(goal, state), others.map(recordedClaims));
  const context = { lab: goal.lab, file, isNew: state === null };
  return {
    diagnose: (lab, live) => {
      const freeSubnet = nextFreeSubnet(() => takenSubnets(lab, live));
      return labConflictDiagnostics(conflicts, { ...context, freeSubnet });
    },
    labs: new Set(conflicts.map(({ other }) => other.lab)),
    goal: withoutConflicts(goal, conflicts),
  };
}

function newClaims(goal: Goal, state: State | null): readonly ResourceClaim[] {
  const own = new Set((state?.resources ?? []).flatMap(claimsOf).map((claim) => JSON.stringify(claim)));
  return goal.desired.flatMap((resource) =>
    claimsOf(resource)
      .filter((claim) => !own.has(JSON.stringify(claim)))
      .map((claim) => ({ id: resource.id, origin: resource.origin, claim })),
  );
}

const recordedClaims = ({ lab, file, resources }: State): RecordedLabClaims => ({
  lab,
  file,
  claims: resources.flatMap(claimsOf),
});

/** A kind that this version does not know claims nothing. */
const claimsOf = ({ kind, netns, spec }: Resource | StateEntry): readonly ExclusiveClaim[] =>
  kinds.get(kind)?.exclusive?.(spec, netns) ?? [];

/** What another lab has is not looked for as an object in the way too. */
const withoutConflicts = (goal: Goal, conflicts: readonly LabConflict[]): Goal =>
  withoutResources(
    goal,
    conflicts.flatMap(({ claims }) => claims.map(({ id }) => id)),
  );

/** A goal without some of its desired resources, and without what would be in these or needs them. */
export function withoutResources(goal: Goal, ids: readonly string[]): Goal {
  if (ids.length === 0) return goal;
  const taken = new Set(ids);
  for (let size = -1; size !== taken.size; ) {
    size = taken.size;
    for (const resource of goal.desired) if (needsAny(resource, taken)) taken.add(resource.id);
  }
  return { ...goal, desired: goal.desired.filter(({ id }) => !taken.has(id)) };
}

const needsAny = ({ dependsOn, within }: Resource, ids: ReadonlySet<string>): boolean =>
  [...dependsOn, ...within].some((id) => ids.has(id));
