import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { addressBits, canonicalAddress, parseAddress } from '../../net/address.ts';
import { parseMac } from '../../net/mac.ts';
import { formatPrefix, hasHostBits, networkPrefix, type Prefix, parsePrefix } from '../../net/prefix.ts';
import { readString, type SourceCursor, type SourceDiagnosticReporter, valueOfCursor, withPath } from '../cursor.ts';
import { explainAddressError, quoteText } from './address-errors.ts';

/** One address without a length, canonical. */
export function readAddressValue(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<string> | null {
  const written = readString(node);
  if (written === null) return null;
  const address = canonicalAddress(written);
  if (address === null) reportBadAddress(node, report, explainAddressError(written, 'address'));
  return withPath(node, address);
}

/** Whether an address is one of a machine, which `what` has to be; reported when it is not. */
export function checkHostAddress(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { address, what }: { address: string; what: string },
): boolean {
  const parsed = parseAddress(address);
  const special = parsed && specialUse({ ...parsed, length: addressBits(parsed.family) });
  if (special) reportBadAddress(node, report, { message: `${what} cannot be ${address}: ${special}` });
  return !special;
}

/** A network as canonical text. `hosts: 'allowed'` takes an address alone for the network of that one address. */
export function readNetwork(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  hosts: 'allowed' | 'refused',
): TopologyValue<string> | null {
  const written = readString(node);
  if (written === null) return null;
  const bare = hosts === 'allowed' ? parseAddress(written) : null;
  const prefix = bare ? { ...bare, length: addressBits(bare.family) } : parsePrefix(written);
  if (!prefix)
    return reportBadAddress(
      node,
      report,
      explainAddressError(written, hosts === 'allowed' ? 'destination' : 'network'),
    );
  if (hasHostBits(prefix)) {
    const network = formatPrefix(networkPrefix(prefix));
    const message = `${written} is an address inside the network ${network}, not a network`;
    return reportBadAddress(node, report, { message, hint: `write ${network}` });
  }
  return { value: formatPrefix(prefix), at: node.path };
}

/** A unicast MAC address, canonical. */
export function readMacValue(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<string> | null {
  const written = readString(node);
  if (written === null) return null;
  const mac = parseMac(written);
  if (mac !== null) return { value: mac, at: node.path };
  const multicast = /^[0-9a-f][13579bdf](:[0-9a-f]{2}){5}$/i.test(written);
  return reportBadAddress(node, report, {
    message: `${quoteText(written)} is not a MAC address of an interface`,
    hint: multicast
      ? 'its first byte is odd, which makes it a multicast address; 02:… is for those that one makes up'
      : 'write six pairs of hexadecimal digits, quoted: "02:00:00:00:00:01"',
  });
}

/** Reports an address that is none, or not the one wanted. */
export function reportBadAddress(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  why: { readonly message: string; readonly hint?: string | null },
): null {
  report(makeDiagnostic('bad-address', valueOfCursor(node), why.message, { hint: why.hint ?? null }));
  return null;
}

/** Why no interface can have an address; null: it can. */
export function specialUse(prefix: Prefix): string | null {
  const { family, value } = prefix;
  if (value === 0n) return 'it stands for no address';
  if (family === 6) return value >> 120n === 0xffn ? 'it is a multicast address' : null;
  if (value === 0xffffffffn) return 'it is the broadcast address';
  return value >> 28n === 0xen ? 'it is a multicast address' : null;
}

/** The entry of `bad-address` in docs/checks.md. */
export const badAddressDoc: CheckDoc = {
  name: 'bad-address',
  code: 'NF1013',
  title: 'Invalid address or prefix',
  explain:
    'Addresses are parsed strictly: four decimal numbers without leading zeros, or IPv6 without a zone. A subnet is a prefix without host bits.',
  bad: `
bridges: { lan: 10.0.0.256/24 }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
`,
};
