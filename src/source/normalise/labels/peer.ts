import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../../model/json.ts';
import type { TopologyPeer, TopologyPeerPort } from '../../../model/lab-parts/peer.ts';
import { parseAddress } from '../../../net/address.ts';
import { formatPrefix, networkPrefix, parsePrefix } from '../../../net/prefix.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { quoteText } from '../address-errors.ts';
import { parsePorts, parseProtocols } from '../port.ts';
import { readAddressRefOrSelector } from './selector.ts';

/** A name, a selector, an address, a network, or a network with what is taken out of it. */
export function readPeer(node: SourceCursor, report: SourceDiagnosticReporter): TopologyPeer | null {
  const cidr = childCursor(node, 'cidr');
  if (isJsonObject(node.value) && cidr.value !== undefined) {
    const network = readPeerNetwork(cidr, report);
    const except = nonNull(listItems(childCursor(node, 'except')).map((item) => readPeerNetwork(item, report)));
    return network === null ? null : { cidr: network, except };
  }
  const written = readString(node);
  if (written?.includes('/')) {
    const network = readPeerNetwork(node, report);
    return network === null ? null : { cidr: network, except: [] };
  }
  return readAddressRefOrSelector(node, report);
}

function readPeerNetwork(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const written = readString(node);
  if (written === null) return null;
  const prefix = parsePrefix(written);
  if (prefix !== null) return formatPrefix(networkPrefix(prefix));
  const isAddress = parseAddress(written) !== null;
  if (isAddress) return `${written}/${written.includes(':') ? 128 : 32}`;
  const hint = 'write one such as 10.0.0.0/8 or fd00::/8';
  report(makeDiagnostic('bad-address', valueOfCursor(node), `${quoteText(written)} is not a network`, { hint }));
  return null;
}

/** `80`, `8000-8100`, `http`, `53/udp`. */
export function readPeerPort(node: SourceCursor, report: SourceDiagnosticReporter): TopologyPeerPort | null {
  const written = typeof node.value === 'number' ? String(node.value) : readString(node);
  if (written === null) return null;
  const [port = '', protocol] = written.split('/');
  const protocols = parseProtocols(protocol);
  const hint = 'write 80, 8000-8100, 53/udp, or the name of a port';
  if ('problem' in protocols) {
    report(makeDiagnostic('bad-port', valueOfCursor(node), protocols.problem, { hint }));
    return null;
  }
  if (/^[A-Za-z][A-Za-z0-9-]*$/.test(port)) return { protocols: protocols.value, ports: { name: port } };
  const ports = parsePorts(port);
  if (!('problem' in ports)) return { protocols: protocols.value, ports: ports.value };
  report(makeDiagnostic('bad-port', valueOfCursor(node), ports.problem, { hint }));
  return null;
}
