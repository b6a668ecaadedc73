import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import { parseAddress } from '../../net/address.ts';
import { formatPrefix, networkPrefix, parsePrefix } from '../../net/prefix.ts';
import {
  childCursor,
  listItems,
  namedEntries,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import { readProject } from '../../source/normalise/labels/labels.ts';
import { readAddressRefOrSelector } from '../../source/normalise/labels/selector.ts';
import { checkName } from '../../source/normalise/name.ts';
import { parsePorts, parseProtocols } from '../../source/normalise/port.ts';
import type { TopologyPolicy, TopologyPolicyPeer, TopologyPolicyPort, TopologyPolicyRule } from './topology.ts';

/** The entries under `policies`. What is wrong with a part of one is reported, and the part left out. */
export const readPolicies = (node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyPolicy[] =>
  namedEntries(node).flatMap(({ name, node }) => {
    checkName(node, report, 'namespace');
    return isJsonObject(node.value) ? [readPolicy(name, node, report)] : [];
  });

function readPolicy(name: string, node: SourceCursor, report: SourceDiagnosticReporter): TopologyPolicy {
  const rules = (direction: 'ingress' | 'egress', side: 'from' | 'to') => {
    const list = childCursor(node, direction);
    return list.value === undefined ? null : listItems(list).map((item) => readRule(item, side, report));
  };
  return {
    name,
    at: node.path,
    project: readProject(childCursor(node, 'project'), report),
    select: listItems(childCursor(node, 'select')).flatMap((item) => {
      const read = readAddressRefOrSelector(item, report);
      if (read === null) return [];
      if (!('address' in read)) return [{ value: read, at: item.path }];
      const hint = 'write a name, or labels that namespaces have';
      report(makeDiagnostic('bad-value', valueOfCursor(item), `${read.address} does not select a namespace`, { hint }));
      return [];
    }),
    ingress: rules('ingress', 'from'),
    egress: rules('egress', 'to'),
  };
}

function readRule(node: SourceCursor, side: 'from' | 'to', report: SourceDiagnosticReporter): TopologyPolicyRule {
  const [peers, ports] = [childCursor(node, side), childCursor(node, 'ports')];
  return {
    peers:
      peers.value === undefined
        ? null
        : nonNull(listItems(peers).map((item) => withPath(item, readPeer(item, report)))),
    ports:
      ports.value === undefined
        ? null
        : nonNull(listItems(ports).map((item) => withPath(item, readPort(item, report)))),
  };
}

/** A name, a selector, an address, a network, or a network with what is taken out of it. */
function readPeer(node: SourceCursor, report: SourceDiagnosticReporter): TopologyPolicyPeer | null {
  const cidr = childCursor(node, 'cidr');
  if (isJsonObject(node.value) && cidr.value !== undefined) {
    const network = readNetwork(cidr, report);
    const except = nonNull(listItems(childCursor(node, 'except')).map((item) => readNetwork(item, report)));
    return network === null ? null : { cidr: network, except };
  }
  const written = readString(node);
  if (written?.includes('/')) {
    const network = readNetwork(node, report);
    return network === null ? null : { cidr: network, except: [] };
  }
  return readAddressRefOrSelector(node, report);
}

function readNetwork(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
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
function readPort(node: SourceCursor, report: SourceDiagnosticReporter): TopologyPolicyPort | null {
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
