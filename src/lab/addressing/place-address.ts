import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyAddress } from '../../model/topology.ts';
import { addressBits, formatAddress, type IpAddress, parseAddress } from '../../net/address.ts';
import { type Prefix, prefixContains } from '../../net/prefix.ts';
import { formatModelLink, joinLimited } from '../messages.ts';
import {
  type AssignedAddress,
  formatFamily,
  type LabDiagnosticReporter,
  type LanSegment,
  type ModelLink,
  type SegmentSubnet,
} from '../model.ts';

/** The written addresses of a link; a missing prefix length comes from the subnet that contains the address. */
export function placeStaticAddresses(
  link: ModelLink,
  segment: LanSegment | null,
  report: LabDiagnosticReporter,
): readonly AssignedAddress[] {
  return link.staticAddresses.flatMap((written) => {
    const parsed = parseAddress(written.address);
    const length = parsed && (written.length ?? hostLength(link, parsed));
    if (!parsed) return [];
    if (written.peer !== undefined) return placePeerAddress(link, segment, parsed, written);
    const subnet = containingSubnet(link, segment, parsed);
    const problemFound = placementProblem(link, { segment, subnet, written, address: parsed });
    if (problemFound) report(problemFound);
    const known = length ?? subnet?.prefix.length;
    return known === undefined
      ? []
      : [placeAddress(link, segment, { address: parsed, length: known, ...STATIC, at: written.at })];
  });
}

/** An address with a peer lies in no subnet: nothing is to be said about one. */
function placePeerAddress(
  link: ModelLink,
  segment: LanSegment | null,
  address: IpAddress,
  { peer, length, at }: TopologyAddress,
): readonly AssignedAddress[] {
  const other = parseAddress(peer ?? '');
  if (!other || length === null) return [];
  const placed = placeAddress(link, segment, { address, length: addressBits(address.family), ...STATIC, at });
  return [{ ...placed, peer: { ...other, length }, text: `${placed.address}/${length}` }];
}

const STATIC = { automatic: false } as const;

/** One address on one link. */
export function placeAddress(
  link: ModelLink,
  segment: LanSegment | null,
  given: {
    readonly address: IpAddress;
    readonly length: number;
    readonly automatic: boolean;
    readonly at: AssignedAddress['at'];
  },
): AssignedAddress {
  const address = formatAddress(given.address);
  const prefix = { family: given.address.family, value: given.address.value, length: given.length };
  const { automatic, at } = given;
  return { link, segment, prefix, peer: null, address, text: `${address}/${given.length}`, automatic, at };
}

/** The subnet of the LAN that contains an address: of several the longest, those of the link's own bridge first. */
function containingSubnet(link: ModelLink, segment: LanSegment | null, address: IpAddress): SegmentSubnet | null {
  const found = (segment?.subnets ?? []).filter(({ prefix }) => prefixContains(prefix, address));
  const longest = [...found].sort((a, b) => b.prefix.length - a.prefix.length);
  const own = segment?.bridgeByLink.get(link) ?? link;
  return longest.find(({ bridge }) => bridge === own) ?? longest[0] ?? null;
}

const hostLength = (link: ModelLink, { family }: IpAddress): number | null =>
  link.kind === 'lo' ? addressBits(family) : null;

function placementProblem(
  link: ModelLink,
  {
    segment,
    subnet,
    written,
    address,
  }: {
    readonly segment: LanSegment | null;
    readonly subnet: SegmentSubnet | null;
    readonly written: TopologyAddress;
    readonly address: IpAddress;
  },
): ReturnType<typeof makeDiagnostic> | null {
  if (link.kind === 'lo') return null;
  if (subnet) return lengthProblem(link, { subnet, written });
  const declared = (segment?.subnets ?? []).filter(
    ({ prefix, pool }) => prefix.family === address.family && pool !== null,
  );
  if (segment && declared.length > 0) {
    const texts = joinLimited(declared.map(({ text }) => text));
    const message = `${written.address} of ${formatModelLink(link)} is outside the subnet ${texts} of ${segment.label}`;
    return makeDiagnostic('address-outside-subnet', atValue(written.at), message, {
      related: declared.map(({ at, text }) => ({ at: atValue(at), message: `${text} is written here` })),
      hint: `write an address of ${texts}, such as ${likeAddress(address, declared[0]?.prefix)}, or add a subnet that contains it to the bridge`,
    });
  }
  if (written.length !== null || segment?.bridges.some(lacksKnownSubnet(segment))) return null;
  const bits = address.family === 4 ? 24 : 64;
  return makeDiagnostic(
    'missing-prefix-length',
    atValue(written.at),
    `${written.address} of ${formatModelLink(link)} has no prefix length, and ${segment?.bridges.length ? `${segment.label} has no ${formatFamily(address.family)} subnet to supply one` : `no ${formatFamily(address.family)} subnet supplies one`}`,
    { hint: `write ${written.address}/${bits}, if that is its length` },
  );
}

/** The address of a prefix whose host part is that of another address. */
export function likeAddress({ value }: IpAddress, prefix: Prefix | undefined): string {
  if (!prefix) return '';
  const hostBits = BigInt(addressBits(prefix.family) - prefix.length);
  const host = value & ((1n << hostBits) - 1n);
  return formatAddress({ family: prefix.family, value: prefix.value | host });
}

/** A prefix length of its own, other than that of a single host, makes the link look for other hosts on its LAN. */
function lengthProblem(
  link: ModelLink,
  { subnet, written }: { readonly subnet: SegmentSubnet; readonly written: TopologyAddress },
): ReturnType<typeof makeDiagnostic> | null {
  const { length, family } = subnet.prefix;
  if (written.length === null || written.length === length || subnet.pool === null) return null;
  if (written.length === addressBits(family)) return null;
  const message = `${written.address}/${written.length} of ${formatModelLink(link)} has another prefix length than its subnet ${subnet.text}`;
  return makeDiagnostic('prefix-length-differs', atValue(written.at), message, {
    severity: 'warning',
    related: [{ at: atValue(subnet.at), message: `${subnet.text} is written here` }],
    hint: `write ${written.address}, which has /${length} from the subnet`,
  });
}

/** A subnet that could not be resolved might have said the length. */
const lacksKnownSubnet =
  ({ subnets }: LanSegment) =>
  (link: ModelLink): boolean =>
    link.bridge !== null && link.bridge.subnets.length > 0 && !subnets.some(({ bridge }) => bridge === link);

/** The entry of `address-outside-subnet` in docs/checks.md. */
export const addressOutsideSubnetDoc: CheckDoc = {
  name: 'address-outside-subnet',
  code: 'NF2104',
  title: 'Address outside its subnet',
  explain: 'The address of an interface on a bridge, or of the bridge itself, lies in none of the bridge’s subnets.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.0.1.5 } } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.5 } } } }
`,
};

/** The entry of `prefix-length-differs` in docs/checks.md. */
export const prefixLengthDiffersDoc: CheckDoc = {
  name: 'prefix-length-differs',
  code: 'NF2111',
  title: 'Prefix length of another subnet',
  explain:
    'A warning: an address has another prefix length than the subnet that it lies in, so its interface takes more, or fewer, hosts for neighbours than the others on the LAN do. The length of a single host (/32, /128) is fine.',
  bad: `
bridges: { lan: 10.1.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.1.0.5/16 } } } }
`,
  good: `
bridges: { lan: 10.1.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.1.0.5 } } } }
`,
};

/** The entry of `missing-prefix-length` in docs/checks.md. */
export const missingPrefixLengthDoc: CheckDoc = {
  name: 'missing-prefix-length',
  code: 'NF2110',
  title: 'Missing prefix length',
  explain: 'An address has no prefix length where no subnet supplies one: on a cable, or on a bridge without a subnet.',
  bad: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1 } }, b: { interfaces: { eth0: 10.0.0.2 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
  good: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1/24 } }, b: { interfaces: { eth0: 10.0.0.2/24 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
};
