import type { TopologyBridge, TopologyFdbEntry } from '../../../model/topology.ts';
import { childCursor, listItems, nonNull, type SourceCursor, type SourceDiagnosticReporter } from '../../cursor.ts';
import { readMacValue } from '../address.ts';
import { readRef } from '../name.ts';
import { readVlanRef } from './vlan-ref.ts';

/** The entries under `fdb` of a bridge. */
export const readBridgeTables = (
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): Pick<TopologyBridge, 'fdb'> => ({
  fdb: nonNull(listItems(childCursor(node, 'fdb')).map((item) => readFdbEntry(item, report))),
});

const PORT_HINT = 'write the interface that has its port there, such as red:eth0';

function readFdbEntry(node: SourceCursor, report: SourceDiagnosticReporter): TopologyFdbEntry | null {
  const mac = readMacValue(childCursor(node, 'mac'), report);
  const written = childCursor(node, 'port');
  const port = readRef(written, report, PORT_HINT);
  const vlan = readVlanRef(childCursor(node, 'vlan'), report, 'refused');
  return mac && (port || written.value === undefined) ? { at: node.path, mac, port, vlan } : null;
}
