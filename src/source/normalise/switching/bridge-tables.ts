import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import type { TopologyBridge, TopologyFdbEntry, TopologyMdbEntry, TopologyValue } from '../../../model/topology.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../cursor.ts';
import { readMacValue } from '../address.ts';
import { readRef } from '../name.ts';
import { multicastGroup } from './multicast-group.ts';
import { readVlanRef } from './vlan-ref.ts';

/** The entries under `fdb` and `mdb` of a bridge. */
export const readBridgeTables = (
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): Pick<TopologyBridge, 'fdb' | 'mdb'> => ({
  fdb: nonNull(listItems(childCursor(node, 'fdb')).map((item) => readFdbEntry(item, report))),
  mdb: nonNull(listItems(childCursor(node, 'mdb')).map((item) => readMdbEntry(item, report))),
});

const PORT_HINT = 'write the interface that has its port there, such as red:eth0';

function readFdbEntry(node: SourceCursor, report: SourceDiagnosticReporter): TopologyFdbEntry | null {
  const mac = readMacValue(childCursor(node, 'mac'), report);
  const written = childCursor(node, 'port');
  const port = readRef(written, report, PORT_HINT);
  const vlan = readVlanRef(childCursor(node, 'vlan'), report, 'refused');
  return mac && (port || written.value === undefined) ? { at: node.path, mac, port, vlan } : null;
}

function readMdbEntry(node: SourceCursor, report: SourceDiagnosticReporter): TopologyMdbEntry | null {
  const group = readGroup(childCursor(node, 'group'), report);
  const port = readRef(childCursor(node, 'port'), report, PORT_HINT);
  const vlan = readVlanRef(childCursor(node, 'vlan'), report, 'refused');
  return group && port ? { at: node.path, group, port, vlan } : null;
}

function readGroup(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<string> | null {
  const written = readString(node);
  if (written === null) return null;
  const read = multicastGroup(written);
  if ('group' in read) return withPath(node, read.group);
  const { problem, hint } = read;
  report(makeDiagnostic('bad-value', valueOfCursor(node), `${JSON.stringify(written)} ${problem}`, { hint }));
  return null;
}
