import type { PeerNetwork, PeerPorts } from '../../model/lab-parts/peer.ts';
import { familyOf } from '../../net/address.ts';
import { addressLiteral, portsLiteral, prefixLiteral, protocolLiteral } from './literals.ts';
import { withoutContained, withoutOverlaps } from './merge.ts';

/** Without these there are no neighbours in IPv6 (RFC 4861, RFC 2710, RFC 3810). */
export const ACCEPT_NEIGHBOURS =
  'icmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report } accept';

/** One match for all networks that are whole, and one for each that something is taken out of. */
export function peerMatches(peers: readonly PeerNetwork[], family: 4 | 6, end: string): readonly string[] {
  const own = peers.filter(({ cidr }) => familyOf(cidr) === family);
  const match = `${headerWord(family)} ${end}`;
  const whole = withoutContained(own.filter(({ except }) => except.length === 0).map(({ cidr }) => cidr)).map(
    networkLiteral,
  );
  return [
    ...(whole.length === 0 ? [] : [`${match} { ${whole.join(', ')} }`]),
    ...own
      .filter(({ except }) => except.length > 0)
      .map(({ cidr, except }) => {
        const without = withoutContained(except.filter((one) => familyOf(one) === family)).map(networkLiteral);
        return [
          `${match} ${networkLiteral(cidr)}`,
          ...(without.length === 0 ? [] : [`${match} != { ${without.join(', ')} }`]),
        ].join(' ');
      }),
  ];
}

/** One match for all ports of a protocol. */
export const portMatches = (ports: readonly PeerPorts[]): readonly string[] =>
  (['tcp', 'udp', 'sctp'] as const).flatMap((protocol) => {
    const own = withoutOverlaps(ports.filter((one) => one.protocol === protocol).map((one) => one.ports));
    return own.length === 0 ? [] : [`${protocolLiteral(protocol)} dport { ${own.map(portsLiteral).join(', ')} }`];
  });

/** What nft calls the header of a family. */
export const headerWord = (family: 4 | 6): string => (family === 4 ? 'ip' : 'ip6');

/** A network of one address is written as that address, as nft prints it. */
const networkLiteral = (cidr: string): string =>
  /\/(?:32|128)$/.test(cidr) && (cidr.endsWith('/128') || !cidr.includes(':'))
    ? addressLiteral(cidr.slice(0, cidr.lastIndexOf('/')))
    : prefixLiteral(cidr);
