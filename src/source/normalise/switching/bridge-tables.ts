import type { TopologyBridge, TopologyFdbEntry, TopologyMdbEntry } from '../../../model/topology.ts';
import { canonicalAddress, parseAddress } from '../../../net/address.ts';
import { isGroupAddress } from '../../../net/group-address.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
} from '../../cursor.ts';
import { readAddressValue, readMacValue, reportBadAddress } from '../address.ts';
import { readRef } from '../name.ts';
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
  const source = readAddressValue(childCursor(node, 'source'), report);
  const port = readRef(childCursor(node, 'port'), report, PORT_HINT);
  const vlan = readVlanRef(childCursor(node, 'vlan'), report, 'refused');
  return group && port && { at: node.path, group, source, port, vlan };
}

/** A multicast address that is more than of one link: the kernel keeps no entry of 224.0.0.0/24 nor of ff02::1. */
function readGroup(node: SourceCursor, report: SourceDiagnosticReporter): TopologyMdbEntry['group'] | null {
  const written = readString(node);
  const address = written === null ? null : canonicalAddress(written);
  const parsed = address === null ? null : parseAddress(address);
  if (written === null || address === null || parsed === null) return readAddressValue(node, report);
  if (isGroupAddress(parsed)) return { value: address, at: node.path };
  return reportBadAddress(node, report, {
    message: `${written} is not a multicast group that a bridge keeps`,
    hint: 'write an address such as 239.1.1.1 or ff05::1:3; 224.0.0.0/24 and ff02::1 go to everyone',
  });
}
