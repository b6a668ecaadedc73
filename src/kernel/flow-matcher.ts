import type { Flow } from '../model/flow.ts';
import { prefixOf } from '../net/prefix.ts';
import { addressBytes, bytesOf } from './netlink/attributes.ts';
import type { Connection, Tuple } from './netlink/conntrack.ts';

// linux/in.h, linux/icmpv6.h
const IPPROTO = { tcp: 6, udp: 17, sctp: 132 } as const;
const IPPROTO_ICMP = { 4: 1, 6: 58 } as const;

type Test = (connection: Connection, original: Tuple) => boolean;

/**
 * Whether a tracked connection is one of the flows; `here` are the addresses of the namespace. Flows with ports are looked
 * up by protocol and port, so that many of them cost no more than one.
 */
export function flowMatcher(flows: readonly Flow[], here: readonly string[]): (connection: Connection) => boolean {
  const local = here.map(addressBytes);
  const byPort = new Map<number, Test[]>();
  const anyPort: Test[] = [];
  for (const flow of flows) {
    const test = testOf(flow, local);
    if (flow.ports === null) anyPort.push(test);
    else
      for (let port = flow.ports.first; port <= flow.ports.last; port++) {
        const key = keyOf(protocolNumber(flow) ?? 0, port);
        const some = byPort.get(key);
        if (some) some.push(test);
        else byPort.set(key, [test]);
      }
  }
  return (connection) => {
    const original = connection.original();
    if (!original) return false;
    const some = byPort.get(keyOf(original.protocol, original.destinationPort));
    return [...(some ?? []), ...anyPort].some((test) => test(connection, original));
  };
}

const keyOf = (protocol: number, port: number): number => protocol * 65536 + port;

function protocolNumber({ family, protocol }: Flow): number | null {
  if (protocol === null) return null;
  return protocol === 'icmp' ? IPPROTO_ICMP[family] : IPPROTO[protocol];
}

function testOf(flow: Flow, here: readonly Buffer[]): Test {
  const protocol = protocolNumber(flow);
  const isFrom = flow.from === null ? null : within(flow.from);
  const isTo = flow.to === null ? null : oneOf(flow.to === 'here' ? here : [addressBytes(flow.to)]);
  const isTranslated = translationOf(flow);
  return (connection, original) =>
    connection.family === flow.family &&
    (protocol === null || original.protocol === protocol) &&
    (isFrom === null || isFrom(original.source)) &&
    (isTo === null || isTo(original.destination)) &&
    isTranslated(connection, original);
}

function translationOf({ ports, translated }: Flow): Test {
  if (translated === null)
    return (connection) => !connection.isSourceTranslated() && !connection.isDestinationTranslated();
  if ('as' in translated) {
    const isAs = translated.as === null ? null : oneOf([addressBytes(translated.as)]);
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

const oneOf =
  (addresses: readonly Buffer[]) =>
  (address: Buffer | undefined): boolean =>
    address !== undefined && addresses.some((one) => one.equals(address));

/** Whether an address is of a network: compared in whole bytes, then in the bits of the last one. */
function within(text: string): (address: Buffer) => boolean {
  const prefix = prefixOf(text);
  const network = bytesOf(prefix);
  const whole = prefix.length >> 3;
  const mask = (0xff00 >> (prefix.length & 7)) & 0xff;
  return (address) =>
    address.length === network.length &&
    address.compare(network, 0, whole, 0, whole) === 0 &&
    (mask === 0 || ((address[whole] ?? 0) & mask) === ((network[whole] ?? 0) & mask));
}
