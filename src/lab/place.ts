import { problem } from '../model/diagnostic.ts';
import { atValue } from '../model/place.ts';
import type { WrittenAddress } from '../model/topology.ts';
import { type Address, formatAddress, parseAddress, widthOf } from '../net/address.ts';
import { contains } from '../net/prefix.ts';
import { linkWords, listWords } from './words.ts';
import { familyWords, type Link, type Placed, type Report, type Segment, type Subnet } from './world.ts';

/** The written addresses of a link; a missing prefix length comes from the subnet that contains the address. */
export function writtenOf(link: Link, segment: Segment | null, report: Report): readonly Placed[] {
  return link.written.flatMap((written) => {
    const parsed = parseAddress(written.address);
    const length = parsed && (written.length ?? hostLength(link, parsed));
    if (!parsed) return [];
    const subnet = subnetFor(link, segment, parsed);
    const problemFound = wrong(link, { segment, subnet, written, address: parsed });
    if (problemFound) report(problemFound);
    const known = length ?? subnet?.prefix.length;
    return known === undefined
      ? []
      : [placed(link, segment, { address: parsed, length: known, ...BY_HAND, at: written.at })];
  });
}

const BY_HAND = { automatic: false } as const;

/** One address on one link. */
export function placed(
  link: Link,
  segment: Segment | null,
  given: { readonly address: Address; readonly length: number; readonly automatic: boolean; readonly at: Placed['at'] },
): Placed {
  const address = formatAddress(given.address);
  const prefix = { family: given.address.family, value: given.address.value, length: given.length };
  const { automatic, at } = given;
  return { link, segment, prefix, address, text: `${address}/${given.length}`, automatic, at };
}

/** The subnet of the LAN that contains an address: of several the longest, those of the link's own bridge first. */
function subnetFor(link: Link, segment: Segment | null, address: Address): Subnet | null {
  const found = (segment?.subnets ?? []).filter(({ prefix }) => contains(prefix, address));
  const longest = [...found].sort((a, b) => b.prefix.length - a.prefix.length);
  const own = segment?.bridgeOf.get(link) ?? link;
  return longest.find(({ bridge }) => bridge === own) ?? longest[0] ?? null;
}

const hostLength = (link: Link, { family }: Address): number | null => (link.kind === 'lo' ? widthOf(family) : null);

function wrong(
  link: Link,
  {
    segment,
    subnet,
    written,
    address,
  }: {
    readonly segment: Segment | null;
    readonly subnet: Subnet | null;
    readonly written: WrittenAddress;
    readonly address: Address;
  },
): ReturnType<typeof problem> | null {
  if (subnet || link.kind === 'lo') return null;
  const declared = (segment?.subnets ?? []).filter(
    ({ prefix, pool }) => prefix.family === address.family && pool !== null,
  );
  if (segment && declared.length > 0) {
    const texts = listWords(declared.map(({ text }) => text));
    const message = `${written.address} of ${linkWords(link)} is outside the subnet ${texts} of ${segment.label}`;
    return problem('address-outside-subnet', atValue(written.at), message, {
      related: declared.map(({ at, text }) => ({ at: atValue(at), message: `${text} is written here` })),
      hint: `write an address of ${texts}, or add a subnet that contains it to the bridge`,
    });
  }
  if (written.length !== null || segment?.bridges.some(hasUnknownSubnet(segment))) return null;
  const bits = address.family === 4 ? 24 : 64;
  return problem(
    'missing-prefix-length',
    atValue(written.at),
    `${written.address} of ${linkWords(link)} has no prefix length, and no ${familyWords(address.family)} subnet says it`,
    { hint: `write ${written.address}/${bits}, if that is its length` },
  );
}

/** A subnet that could not be resolved might have said the length. */
const hasUnknownSubnet =
  ({ subnets }: Segment) =>
  (link: Link): boolean =>
    link.bridge !== null && link.bridge.subnets.length > 0 && !subnets.some(({ bridge }) => bridge === link);
