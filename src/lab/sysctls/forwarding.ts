import type { Path } from '../../model/diagnostics/source-location.ts';
import type { LabNat } from '../../model/lab.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { type Family, IP_FAMILIES, type LabModel } from '../model.ts';
import type { PortForwardResolution } from '../nat/port-forwards.ts';

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
export type ForwardingLookup = (netns: TopologyNetns, family: Family) => ForwardingState;

/** Forwarding follows need: written, or turned on by `nat`, `portForwards` and `publish` for the families that they use. */
export function createForwardingLookup(
  world: LabModel,
  { nat, forwards }: { readonly nat: readonly LabNat[]; readonly forwards: readonly PortForwardResolution[] },
): ForwardingLookup {
  const needs = new Map<string, { readonly reasons: Set<string>; readonly at: Path }>();
  const need = ({ netns, at }: LabNat | PortForwardResolution['forward'], family: Family, reason: string): void => {
    const known = needs.get(`${netns} ${family}`) ?? { reasons: new Set(), at };
    known.reasons.add(reason);
    needs.set(`${netns} ${family}`, known);
  };
  for (const entry of nat) for (const family of natFamilies(world, entry)) need(entry, family, 'nat');
  for (const { forward, reason } of forwards) need(forward, forward.family, reason);
  return (netns, family) => {
    const key = netns.sysctls.find(({ key }) => FORWARDING_SYSCTL_KEYS[family].some((one) => one === key));
    if (key) return { on: key.value !== '0', explicit: true, reason: null, at: key.at };
    if (netns.forwarding) return { on: netns.forwarding.value, explicit: true, reason: null, at: netns.forwarding.at };
    const found = needs.get(`${netns.name} ${family}`);
    const reason = found ? [...found.reasons].join(' and ') : null;
    return { on: found !== undefined, explicit: false, reason, at: found?.at ?? null };
  };
}

/** Of `any` those that the namespace has addresses of, IPv4 at least. */
function natFamilies(world: LabModel, { netns, from, as }: LabNat): readonly Family[] {
  const prefixes = as ? [as.address] : from;
  if (prefixes) return IP_FAMILIES.filter((family) => prefixes.some((prefix) => familyOf(prefix) === family));
  return IP_FAMILIES.filter((family) => family === 4 || addressFamilies(world, netns).has(family));
}

/** The families that a namespace has addresses of. */
export const addressFamilies = (world: LabModel, netns: string): ReadonlySet<Family> =>
  new Set((world.addressesByNetns.get(netns) ?? []).map(({ prefix }) => prefix.family));
