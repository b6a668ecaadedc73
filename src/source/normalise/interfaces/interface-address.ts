import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../../model/json.ts';
import type { TopologyAddress } from '../../../model/topology.ts';
import { addressBits, formatAddress, parseAddress } from '../../../net/address.ts';
import { parsePrefix } from '../../../net/prefix.ts';
import {
  childCursor,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { reportBadAddress, specialUse } from '../address.ts';
import { explainAddressError } from '../address-errors.ts';

/** An address of a link, with or without its length, or `{address, peer}`. Null: nothing is written, or it was reported. */
export function readInterfaceAddress(node: SourceCursor, report: SourceDiagnosticReporter): TopologyAddress | null {
  if (!isJsonObject(node.value)) return readOneAddress(node, report);
  const own = readOneAddress(childCursor(node, 'address'), report);
  const peer = readOneAddress(childCursor(node, 'peer'), report);
  return own && peer && readPeer(node, report, { own, peer });
}

function readOneAddress(node: SourceCursor, report: SourceDiagnosticReporter): TopologyAddress | null {
  const written = readString(node);
  if (written === null) return null;
  const bare = parseAddress(written);
  const prefix = bare ? { ...bare, length: addressBits(bare.family) } : parsePrefix(written);
  if (!prefix) return reportBadAddress(node, report, explainAddressError(written, 'interface'));
  const special = specialUse(prefix);
  if (special)
    return reportBadAddress(node, report, { message: `no interface can have the address ${written}: ${special}` });
  return { address: formatAddress(prefix), length: bare ? null : prefix.length, at: node.path };
}

/** The prefix length is that of the peer: `ip address add 10.0.0.1 peer 10.0.0.2/24`. */
function readPeer(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { own, peer }: { readonly own: TopologyAddress; readonly peer: TopologyAddress },
): TopologyAddress | null {
  const [family, peerFamily] = [own, peer].map(({ address }) => (address.includes(':') ? 6 : 4));
  if (family !== peerFamily) {
    const message = `cannot mix IPv4 and IPv6: ${own.address}, ${peer.address}`;
    const hint = `write an IPv${family} address`;
    report(makeDiagnostic('mixed-families', valueOfCursor(childCursor(node, 'peer')), message, { hint }));
    return null;
  }
  if (own.address === peer.address) {
    const message = `the peer of ${own.address} is the address itself`;
    const hint = 'write the address of the other end';
    report(makeDiagnostic('bad-value', valueOfCursor(childCursor(node, 'peer')), message, { hint }));
    return null;
  }
  const length = peer.length ?? addressBits(family === 6 ? 6 : 4);
  if (own.length !== null && own.length !== length) {
    const message = `${own.address}/${own.length} has a prefix length of its own beside a peer`;
    const hint = `write address: ${own.address}, peer: ${peer.address}/${peer.length ?? own.length}`;
    report(makeDiagnostic('bad-address', valueOfCursor(childCursor(node, 'address')), message, { hint }));
    return null;
  }
  return { address: own.address, length, peer: peer.address, at: node.path };
}
