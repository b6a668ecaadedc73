import type { Goal } from '../../engine/goal.ts';
import { bootId } from '../../kernel/boot.ts';
import { hasIpv6 } from '../../kernel/sysctl/sysctl.ts';
import type { Query } from '../../model/kernel/need.ts';
import type { Lab } from '../../model/lab.ts';
import type { Resource } from '../../model/resource.ts';
import type { State } from '../../model/state.ts';
import { sha256 } from '../../model/values/hash.ts';
import { compileLab, kinds } from '../../registry/kinds.ts';
import { interruptedIds } from '../../store/journal.ts';
import { findSharedIds } from '../../store/shared-resources.ts';
import { STORE_PATHS } from '../../store/store-paths.ts';

/** That the machine is as the file says. */
export const labGoal = (lab: Lab, state: State | null, more: Pick<Goal, 'foreign' | 'extraQuery'>): Goal =>
  buildGoal({ lab: lab.name, uid: state?.uid ?? newUid(lab.name) }, compileLab(hasIpv6() ? lab : withoutIpv6(lab)), {
    state,
    ...more,
  });

/** What is only set so that IPv6 behaves goes; what the file itself asks of IPv6 has been refused. */
const withoutIpv6 = (lab: Lab): Lab => ({
  ...lab,
  namespaces: lab.namespaces.map((one) => ({
    ...one,
    sysctls: Object.fromEntries(Object.entries(one.sysctls).filter(([key]) => !isIpv6Sysctl(key))),
  })),
  sysctls: lab.sysctls.filter(({ key }) => !isIpv6Sysctl(key)),
});

const isIpv6Sysctl = (key: string): boolean => key.startsWith('net/ipv6/');

/** That the machine is as it was before the lab came. What is not ours any more is let be. */
export const destroyGoal = (state: State): Goal =>
  buildGoal(state, [], { state, foreign: 'leave', extraQuery: NO_QUERY });

/** That the machine is as the state says. */
export const stateGoal = (state: State): Goal =>
  buildGoal(state, stateResources(state), { state, foreign: 'refuse', extraQuery: NO_QUERY });

const NO_QUERY: Query = [];

type LabIdentity = { readonly lab: string; readonly uid: string };
type GoalOptions = Pick<Goal, 'foreign' | 'extraQuery'> & { readonly state: State | null };

function buildGoal(
  { lab, uid }: LabIdentity,
  desired: readonly Resource[],
  { state, foreign, extraQuery }: GoalOptions,
): Goal {
  const recorded = new Map((state?.resources ?? []).map((resource) => [resource.id, resource]));
  const interrupted = interruptedIds(STORE_PATHS, lab);
  return {
    kinds,
    lab,
    uid,
    desired,
    recorded,
    foreign,
    heldByOthers: findSharedIds(STORE_PATHS, lab, recorded.keys()),
    extraQuery,
    interrupted,
  };
}

const stateResources = (state: State): readonly Resource[] =>
  state.resources.map(({ before: _before, ...rest }) => ({ ...rest, origin: null, note: null }));

/** Part of every mark of a lab that has no state yet; the same for every run of one boot, so that a killed one is known again. */
const newUid = (lab: string): string => sha256(`${bootId()}:${lab}`).slice(0, 8);
