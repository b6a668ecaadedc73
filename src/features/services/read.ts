import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { TopologyValue } from '../../model/topology.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  namedEntries,
  nonNull,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { readAddressValue } from '../../source/normalise/address.ts';
import { readProject } from '../../source/normalise/labels/labels.ts';
import { readAddressRefOrSelector } from '../../source/normalise/labels/selector.ts';
import { checkName } from '../../source/normalise/name.ts';
import { parsePorts, parseProtocols } from '../../source/normalise/port.ts';
import type { TopologyService, TopologyServicePort, TopologyServiceTarget } from './topology.ts';

/** The entries under `services`. What is wrong with a part of one is reported, and the part left out. */
export const readServices = (node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyService[] =>
  namedEntries(node).flatMap(({ name, node }) => {
    checkName(node, report, 'namespace');
    return isJsonObject(node.value) ? [readService(name, node, report)] : [];
  });

function readService(name: string, node: SourceCursor, report: SourceDiagnosticReporter): TopologyService {
  const nodes = childCursor(node, 'nodes');
  const word = (key: string): string | null => readString(childCursor(node, key));
  return {
    name,
    at: node.path,
    project: readProject(childCursor(node, 'project'), report),
    to: readTargets(childCursor(node, 'to'), report),
    ports: readServicePorts(node, report),
    clusterIPs: readClusterIPs(childCursor(node, 'clusterIP'), report),
    externalIPs: readAddresses(childCursor(node, 'externalIPs'), report),
    hasAffinity: word('sessionAffinity') === 'clientIP',
    isExternalLocal: word('externalTrafficPolicy') === 'local',
    isInternalLocal: word('internalTrafficPolicy') === 'local',
    nodes: nodes.value === undefined ? null : readTargets(nodes, report),
  };
}

const readTargets = (
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologyValue<TopologyServiceTarget>[] =>
  nonNull(listItems(node).map((item) => withPath(item, readAddressRefOrSelector(item, report))));

function readClusterIPs(node: SourceCursor, report: SourceDiagnosticReporter): TopologyService['clusterIPs'] {
  if (node.value === undefined) return null;
  return node.value === 'none' ? [] : readAddresses(node, report);
}

const readAddresses = (node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyValue<string>[] =>
  nonNull(listItems(node).map((item) => readAddressValue(item, report)));

function readServicePorts(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyServicePort[] {
  const [ports, nodePort] = [childCursor(node, 'ports'), childCursor(node, 'nodePort')];
  const entries = isJsonObject(ports.value)
    ? namedEntries(ports)
    : listItems(ports).map((item) => ({ name: null, node: item }));
  if (Number.isInteger(nodePort.value) && entries.length > 1) {
    const message = `the service has ${entries.length} ports, and one nodePort`;
    const hint = 'write which port it is for: ports: { http: 80, … } with nodePort: { http: 30080 }';
    report(makeDiagnostic('bad-port', valueOfCursor(nodePort), message, { hint }));
  }
  for (const { name, node: entry } of namedEntries(nodePort)) {
    if (entries.some((port) => port.name === name)) continue;
    const known = entries.flatMap((port) => port.name ?? []).join(', ');
    const hint = known === '' ? 'give the ports names: ports: { http: 80 }' : `there are ${known}`;
    report(makeDiagnostic('bad-port', keyOfCursor(entry), `the service has no port named ${name}`, { hint }));
  }
  return nonNull(
    entries.map(({ name, node: entry }) => {
      const written = Number.isInteger(entry.value) ? String(entry.value) : readString(entry);
      const port = written === null ? null : parseServicePort(written);
      if (port === null) return null;
      if ('problem' in port) {
        const hint = 'write 80, 80:8080, 80:http, 53:5353/udp or 53/tcp+udp';
        report(makeDiagnostic('bad-port', valueOfCursor(entry), port.problem, { hint }));
        return null;
      }
      if (typeof port.targetPort === 'string' && childCursor(node, 'clusterIP').value === 'none') {
        const message = `a service without an address translates no port to ${JSON.stringify(port.targetPort)}`;
        const hint = 'write the number: those who connect to an endpoint use its own port';
        report(makeDiagnostic('bad-port', valueOfCursor(entry), message, { hint }));
        return null;
      }
      const own = name === null ? nodePort : childCursor(nodePort, name);
      const single = entries.length === 1 && Number.isInteger(nodePort.value) ? nodePort : own;
      return { at: entry.path, name, ...port, nodePort: withPath(single, readInteger(single)) };
    }),
  );
}

type ServicePortNumbers = Pick<TopologyServicePort, 'port' | 'targetPort' | 'protocols'>;

/** `80`, `80:8080`, `80:http`, `53:5353/udp`. */
function parseServicePort(text: string): ServicePortNumbers | { readonly problem: string } {
  const [numbers = '', protocol, ...rest] = text.trim().split('/');
  if (rest.length > 0) return { problem: `${JSON.stringify(text)} has more than one "/"` };
  const protocols = parseProtocols(protocol);
  if ('problem' in protocols) return protocols;
  const [first = '', second = first, ...more] = numbers.split(':');
  const port = parsePorts(first);
  if ('problem' in port) return port;
  const target = PORT_NAME.test(second) ? { name: second } : parsePorts(second);
  if ('problem' in target) return target;
  const numbersOf = [port.value, ...('name' in target ? [] : [target.value])];
  if (more.length > 0 || numbersOf.some((one) => one.first !== one.last))
    return { problem: `${JSON.stringify(text)} is more than one port` };
  const targetPort = 'name' in target ? target.name : target.value.first;
  return { port: port.value.first, targetPort, protocols: protocols.value };
}

/** With a letter in it, as a name of RFC 6335. */
const PORT_NAME = /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
