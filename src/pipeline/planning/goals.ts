import type { Goal } from '../../engine/goal.ts';
import { bootId } from '../../kernel/boot.ts';
import { hasIpv6 } from '../../kernel/sysctl/sysctl.ts';
import type { Query } from '../../model/kernel/need.ts';
import type { Lab } from '../../model/lab.ts';
import type { Resource } from '../../model/resource.ts';
import type { State } from '../../model/state.ts';
import { sha256, sha256Latin1 } from '../../model/values/hash.ts';
import { compileLab, kinds } from '../../registry/kinds.ts';
import { readBlob } from '../../store/blobs.ts';
import { interruptedIds } from '../../store/journal.ts';
import { findSharedIds } from '../../store/shared-resources.ts';
import type { Store } from '../../store/store.ts';

/** The goal that the machine matches the topology. */
export function labGoal(store: Store, lab: Lab, state: State | null, more: Pick<Goal, 'foreign' | 'extraQuery'>): Goal {
  const identity = { lab: lab.name, uid: state?.uid ?? newUid(lab.name) };
  return buildGoal(store, identity, { state, desired: compileLab(hasIpv6() ? lab : withoutIpv6(lab)), ...more });
}

/** The lab without the IPv6 sysctls that netform itself adds: a topology that needs IPv6 is refused before. */
const withoutIpv6 = (lab: Lab): Lab => ({
  ...lab,
  namespaces: lab.namespaces.map((one) => ({
    ...one,
    sysctls: Object.fromEntries(Object.entries(one.sysctls).filter(([key]) => !isIpv6Sysctl(key))),
  })),
  sysctls: lab.sysctls.filter(({ key }) => !isIpv6Sysctl(key)),
});

const isIpv6Sysctl = (key: string): boolean => key.startsWith('net/ipv6/');

/** The goal that the lab is gone and what was there before it is restored; objects without its mark stay. */
export const destroyGoal = (store: Store, state: State): Goal =>
  buildGoal(store, state, { state, desired: [], foreign: 'leave', extraQuery: NO_QUERY });

/** The goal that the machine matches the lab's state. */
export const stateGoal = (store: Store, state: State): Goal =>
  buildGoal(store, state, { state, desired: stateResources(state), foreign: 'refuse', extraQuery: NO_QUERY });

const NO_QUERY: Query = [];

type LabIdentity = { readonly lab: string; readonly uid: string };
type GoalOptions = Pick<Goal, 'desired' | 'foreign' | 'extraQuery'> & { readonly state: State | null };

function buildGoal(store: Store, { lab, uid }: LabIdentity, { state, ...more }: GoalOptions): Goal {
  const recorded = new Map((state?.resources ?? []).map((resource) => [resource.id, resource]));
  const heldByOthers = findSharedIds(store, lab, recorded.keys());
  return {
    kinds,
    lab,
    uid,
    recorded,
    heldByOthers,
    interrupted: interruptedIds(store, lab),
    bytesOf: bytesLookup(store, lab, more.desired),
    ...more,
  };
}

/** The bytes of what is wanted, and of what the store keeps for a lab. */
export function bytesLookup(
  store: Store,
  lab: string,
  desired: readonly Resource[] = [],
): NonNullable<Goal['bytesOf']> {
  const wanted = new Map(desired.flatMap(({ blobs = [] }) => blobs.map((bytes) => [sha256Latin1(bytes), bytes])));
  return (sha) => wanted.get(sha) ?? readBlob(store, lab, sha);
}

const stateResources = (state: State): readonly Resource[] =>
  state.resources.map(({ before: _before, ...rest }) => ({ ...rest, origin: null, note: null }));

/** The uid of a lab that has no state yet: the same for every run until the next boot, so that a killed run is recognised. */
const newUid = (lab: string): string => sha256(`${bootId()}:${lab}`).slice(0, 8);
