import { createHash } from 'node:crypto';
import type { Goal } from '../engine/goal.ts';
import { bootId } from '../kernel/boot.ts';
import { hasIpv6 } from '../kernel/sysctl.ts';
import { compileLab, kinds } from '../kinds/index.ts';
import type { Lab } from '../model/lab.ts';
import type { Query } from '../model/live.ts';
import type { Resource } from '../model/resource.ts';
import type { State } from '../model/state.ts';
import { interruptedIds } from '../store/journal.ts';
import { heldByOthers } from '../store/labs.ts';
import { ROOTS } from '../store/roots.ts';

/** That the machine is as the file says. */
export const goalOfLab = (lab: Lab, state: State | null, more: Pick<Goal, 'foreign' | 'extraQuery'>): Goal =>
  goalOf({ lab: lab.name, uid: state?.uid ?? newUid(lab.name) }, compileLab(hasIpv6() ? lab : withoutIpv6(lab)), {
    state,
    ...more,
  });

/** What is only set so that IPv6 behaves goes; what the file itself asks of IPv6 has been refused. */
const withoutIpv6 = (lab: Lab): Lab => ({
  ...lab,
  namespaces: lab.namespaces.map((one) => ({
    ...one,
    sysctls: Object.fromEntries(Object.entries(one.sysctls).filter(([key]) => !isOfIpv6(key))),
  })),
  sysctls: lab.sysctls.filter(({ key }) => !isOfIpv6(key)),
});

const isOfIpv6 = (key: string): boolean => key.startsWith('net/ipv6/');

/** That the machine is as it was before the lab came. What is not ours any more is let be. */
export const goalOfNothing = (state: State): Goal =>
  goalOf(state, [], { state, foreign: 'leave', extraQuery: NOTHING });

/** That the machine is as the state says. */
export const goalOfState = (state: State): Goal =>
  goalOf(state, resourcesOf(state), { state, foreign: 'refuse', extraQuery: NOTHING });

const NOTHING: Partial<Query> = {};

type Names = { readonly lab: string; readonly uid: string };
type Rest = Pick<Goal, 'foreign' | 'extraQuery'> & { readonly state: State | null };

function goalOf({ lab, uid }: Names, desired: readonly Resource[], { state, foreign, extraQuery }: Rest): Goal {
  const recorded = new Map((state?.resources ?? []).map((resource) => [resource.id, resource]));
  const interrupted = interruptedIds(ROOTS, lab);
  return {
    kinds,
    lab,
    uid,
    desired,
    recorded,
    foreign,
    heldByOthers: heldByOthers(ROOTS, lab, recorded.keys()),
    extraQuery,
    interrupted,
  };
}

const resourcesOf = (state: State): readonly Resource[] =>
  state.resources.map(({ before: _before, ...rest }) => ({ ...rest, origin: null, note: null }));

/** Part of every mark of a lab that has no state yet; the same for every run of one boot, so that a killed one is known again. */
const newUid = (lab: string): string => createHash('sha256').update(`${bootId()}:${lab}`).digest('hex').slice(0, 8);
