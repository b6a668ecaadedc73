import { problem } from '../../model/diagnostic.ts';
import type { At, WrittenAddress } from '../../model/topology.ts';
import { canonicalAddress, parseAddress, widthOf } from '../../net/address.ts';
import { parseMac } from '../../net/mac.ts';
import { formatPrefix, hasHostBits, networkOf, type Prefix, parsePrefix } from '../../net/prefix.ts';
import { at, type Node, onValue, type Report, text } from '../node.ts';
import { shapeOf, whyNot } from './address-words.ts';

/** One address without a length, canonical. */
export function readAddress(node: Node, report: Report): At<string> | null {
  const written = text(node);
  if (written === null) return null;
  const address = canonicalAddress(written);
  if (address === null) refuse(node, report, whyNot(written, 'address'));
  return at(node, address);
}

/** Whether an address is one of a machine, which `what` has to be; reported when it is not. */
export function isOfMachine(node: Node, report: Report, { address, what }: { address: string; what: string }): boolean {
  const parsed = parseAddress(address);
  const special = parsed && specialOf({ ...parsed, length: widthOf(parsed.family) });
  if (special) refuse(node, report, { message: `${what} cannot be ${address}: ${special}` });
  return !special;
}

/** An interface's address, with or without its length. */
export function readInterfaceAddress(node: Node, report: Report): WrittenAddress | null {
  const written = text(node);
  if (written === null) return null;
  const bare = parseAddress(written);
  const prefix = bare ? { ...bare, length: widthOf(bare.family) } : parsePrefix(written);
  if (!prefix) return refuse(node, report, whyNot(written, 'interface'));
  const special = specialOf(prefix);
  if (special) return refuse(node, report, { message: `no interface can have the address ${written}: ${special}` });
  const address = formatPrefix(prefix).split('/')[0] ?? '';
  return { address, length: bare ? null : prefix.length, at: node.path };
}

/** A network as canonical text. `hosts: 'allowed'` takes an address alone for the network of that one address. */
export function readNetwork(node: Node, report: Report, hosts: 'allowed' | 'refused'): At<string> | null {
  const written = text(node);
  if (written === null) return null;
  const bare = hosts === 'allowed' ? parseAddress(written) : null;
  const prefix = bare ? { ...bare, length: widthOf(bare.family) } : parsePrefix(written);
  if (!prefix) return refuse(node, report, whyNot(written, hosts === 'allowed' ? 'destination' : 'network'));
  if (hasHostBits(prefix)) {
    const network = formatPrefix(networkOf(prefix));
    const message = `${written} is an address inside the network ${network}, not a network`;
    return refuse(node, report, { message, hint: `write ${network}` });
  }
  return { value: formatPrefix(prefix), at: node.path };
}

/** A unicast MAC address, canonical. */
export function readMac(node: Node, report: Report): At<string> | null {
  const written = text(node);
  if (written === null) return null;
  const mac = parseMac(written);
  if (mac !== null) return { value: mac, at: node.path };
  const multicast = /^[0-9a-f][13579bdf](:[0-9a-f]{2}){5}$/i.test(written);
  return refuse(node, report, {
    message: `${shapeOf(written)} is not a MAC address of an interface`,
    hint: multicast
      ? 'its first byte is odd, which makes it a multicast address; 02:… is for those that one makes up'
      : 'write six pairs of hexadecimal digits, quoted: "02:00:00:00:00:01"',
  });
}

function refuse(node: Node, report: Report, why: { readonly message: string; readonly hint?: string | null }): null {
  report(problem('bad-address', onValue(node), why.message, { hint: why.hint ?? null }));
  return null;
}

function specialOf(prefix: Prefix): string | null {
  const { family, value } = prefix;
  if (value === 0n) return 'it stands for no address';
  if (family === 6) return value >> 120n === 0xffn ? 'it is a multicast address' : null;
  if (value === 0xffffffffn) return 'it is the broadcast address';
  return value >> 28n === 0xen ? 'it is a multicast address' : null;
}
