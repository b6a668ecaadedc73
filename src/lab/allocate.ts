import { problem } from '../model/diagnostic.ts';
import type { Sticky } from '../model/lab.ts';
import { atKey, atValue } from '../model/place.ts';
import { type Address, parseAddress } from '../net/address.ts';
import { contains, hostRange } from '../net/prefix.ts';
import { placed } from './place.ts';
import { linkWords, listWords } from './words.ts';
import { FAMILIES, type Family, type Link, type Placed, type Report, type Segment, type Subnet } from './world.ts';

/** A link that takes addresses from the pools of its LAN. */
type Applicant = { readonly link: Link; readonly segment: Segment };

type Ground = {
  readonly reserved: { readonly 4: ReadonlySet<bigint>; readonly 6: ReadonlySet<bigint> };
  readonly sticky: Sticky;
  readonly report: Report;
};

/**
 * Gives each applicant one address of every family that its LAN has a pool of: the one that the interface already has
 * (`sticky`), otherwise the first free host in the order of the applicants. Network, broadcast and `reserved` addresses
 * are never given out. A full pool is reported.
 */
export function allocate(applicants: readonly Applicant[], ground: Ground): ReadonlyMap<Link, readonly Placed[]> {
  const pools = new Map<string, Pool>();
  const wants = applicants.flatMap((applicant) =>
    FAMILIES.flatMap((family): Want[] => {
      const subnets = subnetsFor(applicant, family);
      return subnets.length > 0 ? [{ ...applicant, family, subnets }] : [];
    }),
  );
  const given = new Map<Want, Placed>();
  for (const want of wants) {
    const kept = keep(want, pools, ground);
    if (kept) given.set(want, kept);
  }
  for (const want of wants) {
    const drawn = given.get(want) ?? draw(want, pools, ground);
    if (drawn) given.set(want, drawn);
    else ground.report(exhausted(want));
  }
  const byLink = new Map<Link, Placed[]>();
  for (const want of wants) {
    const one = given.get(want);
    if (one) byLink.set(want.link, [...(byLink.get(want.link) ?? []), one]);
  }
  return byLink;
}

type Want = Applicant & { readonly family: Family; readonly subnets: readonly Subnet[] };

/** What has been given out, and the number below which nothing is free. */
type Pool = { readonly taken: Set<bigint>; next: bigint };

function subnetsFor({ link, segment }: Applicant, family: Family): readonly Subnet[] {
  const pools = segment.subnets.filter(({ prefix, pool }) => pool !== null && prefix.family === family);
  const own = pools.filter(({ bridge }) => bridge !== null && segment.bridgeOf.get(link) === bridge);
  return own.length > 0 ? own : pools;
}

function poolOf(subnet: Subnet, pools: Map<string, Pool>): Pool {
  const key = subnet.pool ?? subnet.text;
  const pool = pools.get(key) ?? { taken: new Set(), next: hostRange(subnet.prefix).first };
  pools.set(key, pool);
  return pool;
}

function keep(want: Want, pools: Map<string, Pool>, { sticky, reserved }: Ground): Placed | null {
  for (const text of sticky[`${want.link.netns}/${want.link.name}`] ?? []) {
    const address = parseAddress(text.split('/')[0] ?? '');
    if (!address || address.family !== want.family || reserved[want.family].has(address.value)) continue;
    const subnet = want.subnets.find(({ prefix }) => contains(prefix, address));
    if (!subnet) continue;
    const { first, last } = hostRange(subnet.prefix);
    const { taken } = poolOf(subnet, pools);
    if (address.value < first || address.value > last || taken.has(address.value)) continue;
    taken.add(address.value);
    return give(want, subnet, address);
  }
  return null;
}

function draw(want: Want, pools: Map<string, Pool>, { reserved }: Ground): Placed | null {
  for (const subnet of want.subnets) {
    const pool = poolOf(subnet, pools);
    const { last } = hostRange(subnet.prefix);
    while (pool.next <= last && (pool.taken.has(pool.next) || reserved[want.family].has(pool.next))) pool.next++;
    if (pool.next > last) continue;
    const value = pool.next++;
    pool.taken.add(value);
    return give(want, subnet, { family: want.family, value });
  }
  return null;
}

const give = ({ link, segment }: Want, subnet: Subnet, address: Address): Placed =>
  placed(link, segment, { address, length: subnet.prefix.length, automatic: true, at: link.at });

function exhausted({ link, subnets }: Want): ReturnType<typeof problem> {
  const texts = listWords(subnets.map(({ text }) => text));
  return problem('pool-exhausted', atKey(link.at), `no address of ${texts} is left for ${linkWords(link)}`, {
    related: subnets.map(({ at, text }) => ({ at: atValue(at), message: `${text} is written here` })),
    hint: 'write a larger subnet, or `address: none` to join without one',
  });
}
