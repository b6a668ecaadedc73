import type { Path } from '../../model/diagnostics/source-location.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import type { Family, LabModel } from '../model.ts';
import type { ForwardingRequirement } from '../registers.ts';

/** The forwarding switches of a namespace, as slash keys: the one that counts, and its other name. */
export const FORWARDING_SYSCTL_KEYS = {
  4: ['net/ipv4/ip_forward', 'net/ipv4/conf/all/forwarding'],
  6: ['net/ipv6/conf/all/forwarding'],
} as const;

/**
 * Whether a namespace forwards. `settled`: the file says so itself, on or off; otherwise `reason` is what turns it on.
 * `at`: where either is written.
 */
type ForwardingState = {
  readonly on: boolean;
  readonly explicit: boolean;
  readonly reason: string | null;
  readonly at: Path | null;
};

/** Says whether a namespace forwards packets of a family, and why. */
export type ForwardingLookup = (netns: TopologyNetns, family: Family) => ForwardingState;

/** Forwarding follows need: written, or turned on for the families that something of the lab needs it for. */
export function createForwardingLookup(needed: readonly ForwardingRequirement[]): ForwardingLookup {
  const needs = new Map<string, { readonly reasons: Set<string>; readonly at: Path }>();
  for (const { netns, family, reason, at } of needed) {
    const known = needs.get(`${netns} ${family}`) ?? { reasons: new Set(), at };
    known.reasons.add(reason);
    needs.set(`${netns} ${family}`, known);
  }
  return (netns, family) => {
    const key = netns.sysctls.find(({ key }) => FORWARDING_SYSCTL_KEYS[family].some((one) => one === key));
    if (key) return { on: key.value !== '0', explicit: true, reason: null, at: key.at };
    if (netns.forwarding) return { on: netns.forwarding.value, explicit: true, reason: null, at: netns.forwarding.at };
    const found = needs.get(`${netns.name} ${family}`);
    const reason = found ? [...found.reasons].join(' and ') : null;
    return { on: found !== undefined, explicit: false, reason, at: found?.at ?? null };
  };
}

/** The families that a namespace has addresses of. */
export const addressFamilies = (world: LabModel, netns: string): ReadonlySet<Family> =>
  new Set((world.addressesByNetns.get(netns) ?? []).map(({ prefix }) => prefix.family));
