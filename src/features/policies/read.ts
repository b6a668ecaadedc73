import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import {
  childCursor,
  listItems,
  namedEntries,
  nonNull,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { readProject } from '../../source/normalise/labels/labels.ts';
import { readPeer, readPeerPort } from '../../source/normalise/labels/peer.ts';
import { readAddressRefOrSelector } from '../../source/normalise/labels/selector.ts';
import { checkName } from '../../source/normalise/name.ts';
import type { TopologyPolicy, TopologyPolicyRule } from './topology.ts';

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
        : nonNull(listItems(ports).map((item) => withPath(item, readPeerPort(item, report)))),
  };
}
