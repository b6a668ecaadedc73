import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import { type LinkKinds, sectionKind } from '../../model/link-kind.ts';
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
import { readMacValue } from './address.ts';
import { readAttachment } from './interfaces/attachment.ts';
import { readInterfaceAddress } from './interfaces/interface-address.ts';
import { readOwnKind } from './link-options.ts';
import { checkName, readRef } from './name.ts';
import { readBridgePort } from './switching/bridge-port.ts';

/** The interfaces of a namespace or of the host; the short form is the address. */
export function readInterfaces(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  linkKinds: LinkKinds,
): readonly TopologyInterface[] {
  return namedEntries(node).map(({ name, node }) => {
    checkName(node, report, 'link');
    return { name, ...readInterface(node, report, linkKinds) };
  });
}

function readInterface(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  linkKinds: LinkKinds,
): Omit<TopologyInterface, 'name'> {
  const long = isJsonObject(node.value);
  const mtu = childCursor(node, 'mtu');
  const gateway = childCursor(node, 'gateway');
  return {
    at: node.path,
    bridge: readRef(childCursor(node, 'bridge'), report, 'write the name of a bridge, or namespace:bridge'),
    own: readOwnKind(node, report, linkKinds),
    ...readExisting(childCursor(node, 'existing'), report),
    address: readInterfaceAddresses(long ? childCursor(node, 'address') : node, report),
    mac: readMacValue(childCursor(node, 'mac'), report),
    mtu: withPath(mtu, readInteger(mtu)),
    state: readString(childCursor(node, 'state')) === 'down' ? 'down' : 'up',
    gateway: withPath(gateway, readBoolean(gateway)),
    port: readBridgePort(childCursor(node, 'port'), report, sectionKind(linkKinds, 'bridges')),
    attachment: readAttachment(node, report),
  };
}

/** `true`, or the MAC of the NIC that is meant. */
function readExisting(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): Pick<TopologyInterface, 'existing' | 'existingMac'> {
  if (!isJsonObject(node.value)) return { existing: readBoolean(node) ?? false };
  const mac = readMacValue(childCursor(node, 'mac'), report);
  return { existing: true, ...(mac ? { existingMac: mac } : {}) };
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
