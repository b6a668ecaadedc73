import type {
  FirewallDefaults,
  FirewallDirection,
  FirewallEntry,
  FirewallMatch,
  FirewallRule,
  FirewallVerdict,
} from '../model/lab-parts/firewall-rule.ts';
import type { PeerNetwork, PeerPorts } from '../model/lab-parts/peer.ts';
import { prefixContainsText } from '../net/prefix.ts';

/** The first packet of a connection: link names (null: none), addresses, and a protocol with its port; null: it is not known. */
export type FirewallPacket = {
  readonly direction: FirewallDirection;
  readonly in: string | null;
  readonly out: string | null;
  readonly from: string;
  readonly to: string;
  readonly port: { readonly protocol: PeerPorts['protocol']; readonly port: number } | null;
};

/** The defaults among the rules of a firewall; null: there is no firewall. */
export const firewallDefaults = (rules: readonly FirewallRule[]): FirewallDefaults | null =>
  rules.find((one) => one.sort === 'defaults') ?? null;

/** The entries of a firewall in the order in which they are asked: what is denied first. */
export const firewallEntries = (rules: readonly FirewallRule[]): readonly FirewallEntry[] =>
  (['deny', 'allow'] as const).flatMap((sort) => rules.filter((one): one is FirewallEntry => one.sort === sort));

/** What a firewall does to the first packet of a connection. A port that is not known fits only rules without ports. */
export function firewallVerdict(rules: readonly FirewallRule[], packet: FirewallPacket): FirewallVerdict {
  const defaults = firewallDefaults(rules);
  if (defaults === null) return 'accept';
  const { links, verdicts } = defaults;
  const used = [packet.in, packet.out];
  if (links !== null && !used.some((one) => one !== null && links.includes(one))) return 'accept';
  const entry = firewallEntries(rules).find((one) => fits(one, packet));
  return entry?.verdict ?? verdicts[packet.direction];
}

function fits(entry: FirewallEntry, packet: FirewallPacket): boolean {
  const isLink = (names: readonly string[] | null, name: string | null) =>
    names === null || (name !== null && names.includes(name));
  if (!isLink(entry.in, packet.in) || !isLink(entry.out, packet.out) || !isAmong(entry.from, packet.from)) return false;
  return entry.matches.some(({ to, ports, protocols }) => {
    if (!isAmong(to, packet.to)) return false;
    const { port } = packet;
    if (protocols !== null && !protocols.includes(port?.protocol ?? '')) return false;
    return (
      ports === null ||
      (port !== null &&
        ports.some(
          ({ protocol, ports: { first, last } }) =>
            protocol === port.protocol && first <= port.port && port.port <= last,
        ))
    );
  });
}

function isAmong(networks: readonly PeerNetwork[] | null, address: string): boolean {
  const isIn = (cidr: string): boolean => prefixContainsText(cidr, address);
  return networks === null || networks.some(({ cidr, except }) => isIn(cidr) && !except.some(isIn));
}

/** Whether every packet that fits one entry fits the other, as far as their words say. */
export const isCoveredBy = (entry: FirewallEntry, other: FirewallEntry): boolean =>
  areCovered(entry.in, other.in, equals) &&
  areCovered(entry.out, other.out, equals) &&
  areCovered(entry.from, other.from, containsNetwork) &&
  entry.matches.every((match) => other.matches.some((one) => isMatchCovered(match, one)));

const isMatchCovered = (match: FirewallMatch, other: FirewallMatch): boolean =>
  areCovered(match.to, other.to, containsNetwork) &&
  areCovered(match.ports, other.ports, containsPorts) &&
  (areCovered(match.protocols, other.protocols, equals) || arePortsOf(match, other));

/** `ports: [80]` is within `proto: tcp`. */
const arePortsOf = ({ ports, protocols }: FirewallMatch, other: FirewallMatch): boolean =>
  protocols === null && ports !== null && ports.every(({ protocol }) => other.protocols?.includes(protocol));

/** Null stands for everything. */
const areCovered = <T>(
  some: readonly T[] | null,
  others: readonly T[] | null,
  contains: (whole: T, part: T) => boolean,
): boolean => others === null || (some?.every((one) => others.some((other) => contains(other, one))) ?? false);

const equals = (one: string, other: string): boolean => one === other;

const containsPorts = (whole: PeerPorts, part: PeerPorts): boolean =>
  whole.protocol === part.protocol && whole.ports.first <= part.ports.first && part.ports.last <= whole.ports.last;

const containsNetwork = (whole: PeerNetwork, part: PeerNetwork): boolean =>
  prefixWithin(whole.cidr, part.cidr) &&
  whole.except.every(
    (cidr) => part.except.includes(cidr) || (!prefixWithin(part.cidr, cidr) && !prefixWithin(cidr, part.cidr)),
  );

/** Whether a network is inside another one of the same family. */
function prefixWithin(whole: string, part: string): boolean {
  const [address = '', length = ''] = part.split('/');
  return Number(whole.split('/')[1]) <= Number(length) && prefixContainsText(whole, address);
}
