import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import type { CurrentAddresses } from '../../model/lab.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { type IpAddress, parseAddress } from '../../net/address.ts';
import { hostRange, prefixContains } from '../../net/prefix.ts';
import { formatModelLink, joinLimited } from '../messages.ts';
import {
  type AssignedAddress,
  type Family,
  IP_FAMILIES,
  type LabDiagnosticReporter,
  type LanSegment,
  type ModelLink,
  type SegmentSubnet,
} from '../model.ts';
import { placeAddress } from './place-address.ts';

/** A link that takes addresses from the pools of its LAN. */
type AllocationRequest = { readonly link: ModelLink; readonly segment: LanSegment };

type AllocationContext = {
  readonly reserved: { readonly 4: ReadonlySet<bigint>; readonly 6: ReadonlySet<bigint> };
  readonly currentAddresses: CurrentAddresses;
  readonly report: LabDiagnosticReporter;
};

/**
 * Gives each applicant one address of every family that its LAN has a pool of: the one that the interface already has
 * (`sticky`), otherwise the first free host in the order of the applicants. Network, broadcast and `reserved` addresses
 * are never given out. A full pool is reported.
 */
export function allocateAddresses(
  applicants: readonly AllocationRequest[],
  ground: AllocationContext,
): ReadonlyMap<ModelLink, readonly AssignedAddress[]> {
  const pools = new Map<string, AllocationPool>();
  const wants = applicants.flatMap((applicant) =>
    IP_FAMILIES.flatMap((family): FamilyAllocation[] => {
      const subnets = subnetsFor(applicant, family);
      return subnets.length > 0 ? [{ ...applicant, family, subnets }] : [];
    }),
  );
  const given = new Map<FamilyAllocation, AssignedAddress>();
  for (const want of wants) {
    const kept = takeCurrent(want, pools, ground);
    if (kept) given.set(want, kept);
  }
  for (const want of wants) {
    const drawn = given.get(want) ?? takeNextFree(want, pools, ground);
    if (drawn) given.set(want, drawn);
    else ground.report(poolExhausted(want));
  }
  const byLink = new Map<ModelLink, AssignedAddress[]>();
  for (const want of wants) {
    const one = given.get(want);
    if (one) appendTo(byLink, want.link, one);
  }
  return byLink;
}

type FamilyAllocation = AllocationRequest & { readonly family: Family; readonly subnets: readonly SegmentSubnet[] };

/** The assigned addresses of a pool, and the host number below which none is free. */
type AllocationPool = { readonly taken: Set<bigint>; next: bigint };

function subnetsFor({ link, segment }: AllocationRequest, family: Family): readonly SegmentSubnet[] {
  const pools = segment.subnets.filter(({ prefix, pool }) => pool !== null && prefix.family === family);
  const own = pools.filter(({ bridge }) => bridge !== null && segment.bridgeByLink.get(link) === bridge);
  return own.length > 0 ? own : pools;
}

function poolOf(subnet: SegmentSubnet, pools: Map<string, AllocationPool>): AllocationPool {
  const key = subnet.pool ?? subnet.text;
  const pool = pools.get(key) ?? { taken: new Set(), next: rangeOf(subnet).first };
  pools.set(key, pool);
  return pool;
}

/** The first and the last host that a subnet gives out. */
const rangeOf = ({ prefix, range }: SegmentSubnet): { readonly first: bigint; readonly last: bigint } =>
  range ?? hostRange(prefix);

/** Whether an address must not be given out. The ends of a range stand in the file, and are free all the same. */
function isReserved({ range }: SegmentSubnet, value: bigint, reserved: ReadonlySet<bigint>): boolean {
  if (!range) return reserved.has(value);
  return range.taken.has(value) || (reserved.has(value) && value !== range.first && value !== range.last);
}

function takeCurrent(
  want: FamilyAllocation,
  pools: Map<string, AllocationPool>,
  { currentAddresses: sticky, reserved }: AllocationContext,
): AssignedAddress | null {
  for (const text of sticky[`${want.link.netns}/${want.link.name}`] ?? []) {
    const address = parseAddress(text.split('/')[0] ?? '');
    if (!address || address.family !== want.family) continue;
    const subnet = want.subnets.find(({ prefix }) => prefixContains(prefix, address));
    if (!subnet || isReserved(subnet, address.value, reserved[want.family])) continue;
    const { first, last } = rangeOf(subnet);
    const { taken } = poolOf(subnet, pools);
    if (address.value < first || address.value > last || taken.has(address.value)) continue;
    taken.add(address.value);
    return assignFromPool(want, subnet, address);
  }
  return null;
}

function takeNextFree(
  want: FamilyAllocation,
  pools: Map<string, AllocationPool>,
  { reserved }: AllocationContext,
): AssignedAddress | null {
  for (const subnet of want.subnets) {
    const pool = poolOf(subnet, pools);
    const { last } = rangeOf(subnet);
    const isFree = (value: bigint) => !pool.taken.has(value) && !isReserved(subnet, value, reserved[want.family]);
    while (pool.next <= last && !isFree(pool.next)) pool.next++;
    if (pool.next > last) continue;
    const value = pool.next++;
    pool.taken.add(value);
    return assignFromPool(want, subnet, { family: want.family, value });
  }
  return null;
}

const assignFromPool = (
  { link, segment }: FamilyAllocation,
  subnet: SegmentSubnet,
  address: IpAddress,
): AssignedAddress =>
  placeAddress(link, segment, { address, length: subnet.prefix.length, automatic: true, at: link.at });

function poolExhausted({ link, subnets }: FamilyAllocation): ReturnType<typeof makeDiagnostic> {
  const texts = joinLimited(subnets.map(({ text }) => text));
  return makeDiagnostic('pool-exhausted', atKey(link.at), `no free address in ${texts} for ${formatModelLink(link)}`, {
    related: subnets.map(({ at, text }) => ({ at: atValue(at), message: `${text} is written here` })),
    hint: 'write a larger subnet, or `address: none` to join without one',
  });
}

/** The entry of `pool-exhausted` in docs/checks.md. */
export const poolExhaustedDoc: CheckDoc = {
  name: 'pool-exhausted',
  code: 'NF2108',
  title: 'Subnet exhausted',
  explain: 'A subnet has fewer host addresses than interfaces that need one.',
  bad: `
bridges: { lan: 10.0.0.0/30 }
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  b: { interfaces: { eth0: { bridge: lan } } }
  c: { interfaces: { eth0: { bridge: lan } } }
`,
  good: `
bridges: { lan: 10.0.0.0/29 }
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  b: { interfaces: { eth0: { bridge: lan } } }
  c: { interfaces: { eth0: { bridge: lan } } }
`,
};
