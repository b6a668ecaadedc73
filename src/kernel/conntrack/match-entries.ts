import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { addressBytes, ipBytes } from '../../net/netlink-attributes.ts';
import { requirePrefix } from '../../net/prefix.ts';
import type { ConntrackEntry, ConntrackTuple } from '../netlink/conntrack.ts';

// linux/in.h, linux/icmpv6.h
const IPPROTO = { tcp: 6, udp: 17, sctp: 132 } as const;
const IPPROTO_ICMP = { 4: 1, 6: 58 } as const;

type ConntrackPredicate = (connection: ConntrackEntry, original: ConntrackTuple) => boolean;

/**
 * Whether a tracked connection is one of the flows; `here` are the addresses of the namespace. Flows with ports are looked
 * up by protocol and port, so that many of them cost no more than one.
 */
export function conntrackMatcher(
  flows: readonly ConntrackMatch[],
  here: readonly string[],
): (connection: ConntrackEntry) => boolean {
  const local = here.map(addressBytes);
  const byPort = new Map<number, ConntrackPredicate[]>();
  const anyPort: ConntrackPredicate[] = [];
  for (const flow of flows) {
    const test = conntrackPredicate(flow, local);
    if (flow.ports === null) anyPort.push(test);
    else
      for (let port = flow.ports.first; port <= flow.ports.last; port++)
        appendTo(byPort, protocolPortKey(protocolNumber(flow) ?? 0, port), test);
  }
  return (connection) => {
    const original = connection.original();
    if (!original) return false;
    const some = byPort.get(protocolPortKey(original.protocol, original.destinationPort));
    return [...(some ?? []), ...anyPort].some((test) => test(connection, original));
  };
}

const protocolPortKey = (protocol: number, port: number): number => protocol * 65536 + port;

function protocolNumber({ family, protocol }: ConntrackMatch): number | null {
  if (protocol === null) return null;
  return protocol === 'icmp' ? IPPROTO_ICMP[family] : IPPROTO[protocol];
}

function conntrackPredicate(flow: ConntrackMatch, here: readonly Buffer[]): ConntrackPredicate {
  const protocol = protocolNumber(flow);
  const isFrom = flow.from === null ? null : networkPredicate(flow.from);
  const isTo = flow.to === null ? null : addressPredicate(flow.to === 'here' ? here : [addressBytes(flow.to)]);
  const isTranslated = translationPredicate(flow);
  return (connection, original) =>
    connection.family === flow.family &&
    (protocol === null || original.protocol === protocol) &&
    (isFrom === null || isFrom(original.source)) &&
    (isTo === null || isTo(original.destination)) &&
    isTranslated(connection, original);
}

function translationPredicate({ ports, translated }: ConntrackMatch): ConntrackPredicate {
  if (translated === null)
    return (connection) => !connection.isSourceTranslated() && !connection.isDestinationTranslated();
  if ('as' in translated) {
    const isAs = translated.as === null ? null : addressPredicate([addressBytes(translated.as)]);
    return (connection) =>
      connection.isSourceTranslated() &&
      !connection.isDestinationTranslated() &&
      (isAs === null || isAs(connection.reply()?.destination));
  }
  const { address, ports: targets } = translated.to;
  const target = addressBytes(address);
  const shift = targets.first - (ports?.first ?? targets.first);
  return (connection, { destinationPort }) => {
    const reply = connection.isDestinationTranslated() ? connection.reply() : null;
    return reply?.source.equals(target) === true && reply.sourcePort === destinationPort + shift;
  };
}

const addressPredicate =
  (addresses: readonly Buffer[]) =>
  (address: Buffer | undefined): boolean =>
    address !== undefined && addresses.some((one) => one.equals(address));

/** Whether an address is of a network: compared in whole bytes, then in the bits of the last one. */
function networkPredicate(text: string): (address: Buffer) => boolean {
  const prefix = requirePrefix(text);
  const network = ipBytes(prefix);
  const whole = prefix.length >> 3;
  const mask = (0xff00 >> (prefix.length & 7)) & 0xff;
  return (address) =>
    address.length === network.length &&
    address.compare(network, 0, whole, 0, whole) === 0 &&
    (mask === 0 || ((address[whole] ?? 0) & mask) === ((network[whole] ?? 0) & mask));
}
