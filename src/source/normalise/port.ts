import type { PortRange, Protocol } from '../../model/topology.ts';
import { canonicalAddress, familyOf } from '../../net/address.ts';
import { type AddressOrRef, parseRef } from './name.ts';

export type PortParseResult<T> = { readonly value: T } | { readonly problem: string; readonly hint?: string };

/** `80` or `8000-8010`. */
export function parsePorts(text: string): PortParseResult<PortRange> {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text);
  if (!match) return { problem: `${JSON.stringify(text)} is not a port` };
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (first < 1 || last > 65535) return { problem: `port ${first < 1 ? first : last} is not from 1 to 65535` };
  if (last < first) return { problem: `the range ${text} ends before it begins` };
  return { value: { first, last } };
}

/** `/tcp+udp` without the slash; tcp when nothing is written. */
export function parseProtocols(text: string | undefined): PortParseResult<readonly Protocol[]> {
  if (text === undefined) return { value: ['tcp'] };
  const words = text.toLowerCase().split('+');
  const known = PROTOCOLS.filter((protocol) => words.includes(protocol));
  if (known.length === words.length) return { value: known };
  return { problem: `${JSON.stringify(text)} is not a protocol: tcp, udp, sctp or several with +` };
}

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'sctp'];

/** `[address:]ports[/protocol]`. The address of all (`0.0.0.0`, `::`) is none, of one family. */
export function parseListen(text: string): PortParseResult<{
  readonly address: string | null;
  readonly family: 4 | 6 | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
}> {
  const [endpoint = '', protocol, ...rest] = text.trim().split('/');
  if (rest.length > 0) return { problem: `${JSON.stringify(text)} has more than one "/"` };
  const protocols = parseProtocols(protocol);
  if ('problem' in protocols) return protocols;
  const parts = splitAddress(endpoint);
  if ('problem' in parts) return parts;
  const ports = parsePorts(parts.value.rest);
  if ('problem' in ports) return ports;
  const { address, family } = parts.value;
  return { value: { address, family, ports: ports.value, protocols: protocols.value } };
}

/** `namespace[:interface][:ports]`, `address[:ports]`, `[address]:ports`. */
export function parseForwardTarget(
  text: string,
): PortParseResult<{ readonly target: AddressOrRef; readonly ports: PortRange | null }> {
  const written = text.trim();
  const bare = canonicalAddress(written);
  if (bare) return { value: { target: { address: bare }, ports: null } };
  const { head, ports } = splitPorts(written);
  const range = ports === null ? null : parsePorts(ports);
  if (range && 'problem' in range) return range;
  const target = parseTarget(head);
  return 'problem' in target ? target : { value: { target: target.value, ports: range ? range.value : null } };
}

/** `address`, `address:ports`, `[address]:ports`, as after `as`. */
export function parseAddressWithPorts(
  text: string,
): PortParseResult<{ readonly address: string; readonly ports: PortRange | null }> {
  const parsed = parseForwardTarget(text);
  if ('problem' in parsed) return parsed;
  const { target, ports } = parsed.value;
  return 'address' in target
    ? { value: { address: target.address, ports } }
    : { problem: `${JSON.stringify(text)} is not an address` };
}

/**
 * Splits `1.2.3.4:rest`, `[fd00::1]:rest` and `rest`. Without a written address the family is null; `0.0.0.0` and `::` are
 * every address (null) of their family.
 */
export function splitAddress(text: string): PortParseResult<{
  readonly address: string | null;
  readonly family: 4 | 6 | null;
  readonly rest: string;
}> {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(.*)$/.exec(text);
  if (!match) return { value: { address: null, family: null, rest: text } };
  const written = match[1] ?? match[2] ?? '';
  const rest = match[3] ?? '';
  const address = canonicalAddress(written);
  if (!address || (match[1] !== undefined) !== address.includes(':')) {
    const whole = canonicalAddress(text.replace(/:\d+$/, '')) ? 'an IPv6 address with a port is [address]:port' : null;
    return { problem: whole ?? `${JSON.stringify(written)} is not an address of this machine` };
  }
  return { value: { address: ANY_ADDRESSES.has(address) ? null : address, family: familyOf(address), rest } };
}

const ANY_ADDRESSES: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** The part after the last colon, when it is not part of an IPv6 address or the name of an interface. */
function splitPorts(text: string): { readonly head: string; readonly ports: string | null } {
  const bracketed = /^(\[[^\]]*\])(?::(.*))?$/.exec(text);
  if (bracketed) return { head: bracketed[1] ?? '', ports: bracketed[2] ?? null };
  const colon = text.lastIndexOf(':');
  const tail = text.slice(colon + 1);
  if (colon < 0 || !/^\d/.test(tail)) return { head: text, ports: null };
  return { head: text.slice(0, colon), ports: tail };
}

function parseTarget(head: string): PortParseResult<AddressOrRef> {
  const inside = /^\[(.*)\]$/.exec(head)?.[1];
  const address = canonicalAddress(inside ?? head);
  if (address && (inside !== undefined || !address.includes(':'))) return { value: { address } };
  if (address) return { problem: 'an IPv6 address with a port is [address]:port' };
  const ref = inside === undefined ? parseRef(head) : null;
  return ref ? { value: { ref } } : { problem: `${JSON.stringify(inside ?? head)} is neither an address nor a name` };
}
