import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { TopologyAddress, TopologyInterface } from '../../model/topology.ts';
import {
  childCursor,
  listItems,
  namedEntries,
  nonNull,
  readBoolean,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../cursor.ts';
import { checkHostAddress, readAddressValue, readInterfaceAddress, readMacValue } from './address.ts';
import { checkName, readAddressOrRef, readDeviceName, readRef } from './name.ts';

/** The interfaces of a namespace or of the host; the short form is the address. */
export function readInterfaces(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyInterface[] {
  return namedEntries(node).map(({ name, node }) => {
    checkName(node, report, 'link');
    return readInterface(name, node, report);
  });
}

function readInterface(name: string, node: SourceCursor, report: SourceDiagnosticReporter): TopologyInterface {
  const long = isJsonObject(node.value);
  const mtu = childCursor(node, 'mtu');
  const gateway = childCursor(node, 'gateway');
  return {
    name,
    at: node.path,
    bridge: readRef(childCursor(node, 'bridge'), report, 'write the name of a bridge, or namespace:bridge'),
    vxlan: readVxlan(childCursor(node, 'vxlan'), report),
    existing: readBoolean(childCursor(node, 'existing')) ?? false,
    address: readInterfaceAddresses(long ? childCursor(node, 'address') : node, report),
    mac: readMacValue(childCursor(node, 'mac'), report),
    mtu: withPath(mtu, readInteger(mtu)),
    state: readString(childCursor(node, 'state')) === 'down' ? 'down' : 'up',
    gateway: withPath(gateway, readBoolean(gateway)),
  };
}

const VXLAN_PORT = 4789;

/** `wrong` of one without a number or a remote that can be used: that has been said. */
function readVxlan(node: SourceCursor, report: SourceDiagnosticReporter): TopologyInterface['vxlan'] {
  if (node.value === undefined) return null;
  const id = withPath(childCursor(node, 'id'), readInteger(childCursor(node, 'id')));
  const to = childCursor(node, 'remote');
  const target = readAddressOrRef(to, report);
  const isSound = !target || !('address' in target) || checkHostAddress(to, report, { ...target, what: 'the remote' });
  const remote = withPath(to, isSound ? target : null);
  const local = readAddressValue(childCursor(node, 'local'), report);
  const dev = readDeviceName(childCursor(node, 'dev'), report);
  const port = readInteger(childCursor(node, 'port')) ?? VXLAN_PORT;
  return id && remote ? { at: node.path, id, remote, local, dev, port } : 'wrong';
}

function readInterfaceAddresses(node: SourceCursor, report: SourceDiagnosticReporter): TopologyInterface['address'] {
  const written = listItems(node);
  if (written.length === 0) return 'auto';
  const addresses = readAddresses(node, report);
  // None of a list that is all wrong: what follows from a wrong address is not another mistake.
  return addresses.length === 0 ? 'none' : addresses;
}

/** Addresses of a link; `none` gives an empty list. */
export function readAddresses(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyAddress[] {
  const written = listItems(node);
  const none = written.find((item) => item.value === 'none');
  if (none && written.length > 1) {
    report(
      makeDiagnostic('bad-value', valueOfCursor(none), '"none" stands beside addresses', {
        hint: 'leave one of them out',
      }),
    );
  }
  return nonNull(written.filter((item) => item.value !== 'none').map((item) => readInterfaceAddress(item, report)));
}
