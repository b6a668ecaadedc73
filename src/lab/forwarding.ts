import type { LabNat } from '../model/lab.ts';
import type { Path } from '../model/place.ts';
import type { Netns } from '../model/topology.ts';
import { familyOf } from '../net/address.ts';
import type { FoundForward } from './forwards.ts';
import { FAMILIES, type Family, type World } from './world.ts';

/** The forwarding switches of a namespace, as slash keys: the one that counts, and its other name. */
export const FORWARDING_KEYS = {
  4: ['net/ipv4/ip_forward', 'net/ipv4/conf/all/forwarding'],
  6: ['net/ipv6/conf/all/forwarding'],
} as const;

/**
 * Whether a namespace forwards. `settled`: the file says so itself, on or off; otherwise `reason` is what turns it on.
 * `at`: where either is written.
 */
type Forwarding = {
  readonly on: boolean;
  readonly settled: boolean;
  readonly reason: string | null;
  readonly at: Path | null;
};
export type ForwardingOf = (netns: Netns, family: Family) => Forwarding;

/** Forwarding follows need: written, or turned on by `nat`, `portForwards` and `publish` for the families that they use. */
export function forwardingOf(
  world: World,
  { nat, forwards }: { readonly nat: readonly LabNat[]; readonly forwards: readonly FoundForward[] },
): ForwardingOf {
  const needs = new Map<string, { readonly reasons: Set<string>; readonly at: Path }>();
  const need = ({ netns, at }: LabNat | FoundForward['forward'], family: Family, reason: string): void => {
    const known = needs.get(`${netns} ${family}`) ?? { reasons: new Set(), at };
    known.reasons.add(reason);
    needs.set(`${netns} ${family}`, known);
  };
  for (const entry of nat) for (const family of natFamilies(world, entry)) need(entry, family, 'nat');
  for (const { forward, reason } of forwards) need(forward, forward.family, reason);
  return (netns, family) => {
    const key = netns.sysctls.find(({ key }) => FORWARDING_KEYS[family].some((one) => one === key));
    if (key) return { on: key.value !== '0', settled: true, reason: null, at: key.at };
    if (netns.forwarding) return { on: netns.forwarding.value, settled: true, reason: null, at: netns.forwarding.at };
    const found = needs.get(`${netns.name} ${family}`);
    const reason = found ? [...found.reasons].join(' and ') : null;
    return { on: found !== undefined, settled: false, reason, at: found?.at ?? null };
  };
}

/** Of `any` those that the namespace has addresses of, IPv4 at least. */
function natFamilies(world: World, { netns, from, as }: LabNat): readonly Family[] {
  const prefixes = as ? [as.address] : from;
  if (prefixes) return FAMILIES.filter((family) => prefixes.some((prefix) => familyOf(prefix) === family));
  return FAMILIES.filter((family) => family === 4 || familiesIn(world, netns).has(family));
}

/** The families that a namespace has addresses of. */
export const familiesIn = (world: World, netns: string): ReadonlySet<Family> =>
  new Set((world.placedIn.get(netns) ?? []).map(({ prefix }) => prefix.family));
