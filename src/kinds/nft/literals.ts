import { invariant } from '../../model/error.ts';
import type { PortRange, Protocol } from '../../model/topology.ts';
import { canonicalAddress } from '../../net/address.ts';
import { parseMac } from '../../net/mac.ts';
import { networkText } from '../../net/prefix.ts';

/** Every value of a script goes through one of these: what is not exactly of its shape never reaches nft. */
export function addressLiteral(text: string): string {
  invariant(canonicalAddress(text) === text, `${JSON.stringify(text)} is not an address in canonical text`);
  return text;
}

/** The network of a prefix, host bits dropped. */
export function prefixLiteral(text: string): string {
  return networkText(text);
}

/** A MAC in canonical text. Throws for another text. */
export function macLiteral(mac: string): string {
  invariant(parseMac(mac) === mac, `${JSON.stringify(mac)} cannot be the MAC of an interface`);
  return mac;
}

/** A quoted name of a link. */
export function linkLiteral(name: string): string {
  invariant(/^[A-Za-z0-9_.-]{1,15}$/.test(name), `${JSON.stringify(name)} cannot be the name of a link in a rule`);
  return `"${name}"`;
}

/** The name of our table. Throws for a name that netform does not give. */
export function tableLiteral(name: string): string {
  invariant(/^netform_[A-Za-z0-9_.-]{1,200}$/.test(name), `${JSON.stringify(name)} cannot be the name of our table`);
  return name;
}

/** A quoted mark; nft takes at most 128 bytes. */
export function markLiteral(mark: string): string {
  invariant(/^[A-Za-z0-9:_.-]{1,128}$/.test(mark), `${JSON.stringify(mark)} cannot be a mark`);
  return `"${mark}"`;
}

/** A port, 1 to 65535. Throws for another number. */
export function portLiteral(port: number): string {
  invariant(Number.isInteger(port) && port > 0 && port < 65536, `${port} is not a port`);
  return String(port);
}

/** A transport protocol. Throws for another word. */
export function protocolLiteral(protocol: Protocol): string {
  invariant(['tcp', 'udp', 'sctp'].includes(protocol), `${JSON.stringify(protocol)} is not a protocol`);
  return protocol;
}

/** `80`, `8000-8010`. */
export const portsLiteral = ({ first, last }: PortRange): string =>
  first === last ? portLiteral(first) : `${portLiteral(first)}-${portLiteral(last)}`;

/** `10.0.0.1:80`, `[fd00::1]:8000-8010`. */
export const endpointLiteral = (address: string, ports: PortRange): string =>
  `${address.includes(':') ? `[${addressLiteral(address)}]` : addressLiteral(address)}:${portsLiteral(ports)}`;

/** A quoted text for the kernel's log, a space at its end; the kernel takes at most 127 bytes. */
export function logPrefixLiteral(text: string): string {
  invariant(/^[A-Za-z0-9_.:/ -]{1,120}$/.test(text), `${JSON.stringify(text)} cannot begin a line of the log`);
  return `"${text} "`;
}
