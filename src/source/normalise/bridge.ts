import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import { type LinkKind, type LinkKinds, sectionKind } from '../../model/link-kind.ts';
import type { TopologyBridge, TopologyBridgeVlans } from '../../model/topology.ts';
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
import { readMacValue, readNetwork } from './address.ts';
import { looksLikeAddress } from './address-errors.ts';
import { readAddresses } from './interface.ts';
import { readLinkOptions } from './link-options.ts';
import { checkName, readDeviceName } from './name.ts';
import { readBridgeTables } from './switching/bridge-tables.ts';
import { readGateways } from './switching/subnets.ts';
import { readVlanId } from './switching/vlan-ref.ts';

/** The bridges of a namespace or of the host; the short form is the subnet. */
export function readBridges(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  linkKinds: LinkKinds,
): readonly TopologyBridge[] {
  return namedEntries(node).map(({ name, node }) => {
    checkName(node, report, 'switch');
    const kind = bridgeKind(linkKinds, readString(childCursor(node, 'kind')));
    refuseOtherOptions(node, report, { kind, linkKinds });
    return { name, ...readBridge(node, report, kind) };
  });
}

function readBridge(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  kind: LinkKind,
): Omit<TopologyBridge, 'name'> {
  const long = isJsonObject(node.value);
  const mtu = childCursor(node, 'mtu');
  return {
    at: node.path,
    subnets: nonNull(listItems(long ? childCursor(node, 'subnet') : node).map((item) => readSubnet(item, report))),
    ...readBridgeAddresses(childCursor(node, 'address'), report),
    gateway: readGateways(childCursor(node, 'gateway'), report),
    mac: readMacValue(childCursor(node, 'mac'), report),
    mtu: withPath(mtu, readInteger(mtu)),
    state: readString(childCursor(node, 'state')) === 'down' ? 'down' : 'up',
    own: readLinkOptions(kind, node, report),
    vlans: readBridgeVlans(node, report),
    ...readBridgeTables(node, report),
  };
}

/** The addresses that are written, and whether the first one of each subnet is asked for. */
function readBridgeAddresses(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): Pick<TopologyBridge, 'addresses' | 'first'> {
  const written = listItems(node);
  const first = written.find((item) => item.value === 'first');
  const others = written.flatMap((item) => (item.value === 'first' ? [] : [readAddresses(item, report)]));
  if (!first) return { addresses: readAddresses(node, report) };
  return { addresses: others.flat(), first: first.path };
}

/** `vlanFiltering`, and the VLANs with their LANs; the short form of one is its number. */
function readBridgeVlans(node: SourceCursor, report: SourceDiagnosticReporter): TopologyBridgeVlans {
  const filtering = childCursor(node, 'vlanFiltering');
  return {
    filtering: withPath(filtering, readBoolean(filtering)),
    vlans: namedEntries(childCursor(node, 'vlans')).map(({ name, node: entry }) => {
      checkName(entry, report, 'VLAN');
      const isLong = isJsonObject(entry.value);
      return {
        name,
        at: entry.path,
        id: readVlanId(isLong ? childCursor(entry, 'id') : entry, report),
        subnets: nonNull(listItems(childCursor(entry, 'subnet')).map((item) => readSubnet(item, report))),
        addresses: readAddresses(childCursor(entry, 'address'), report),
        gateway: readGateways(childCursor(entry, 'gateway'), report),
      };
    }),
  };
}

/** The kind of a bridge that is written with `kind`, or without: then the kernel's own. */
const bridgeKind = (kinds: LinkKinds, written: string | null): LinkKind =>
  [...kinds.values()].find(({ section, name }) => section === 'bridges' && name === written) ??
  sectionKind(kinds, 'bridges');

/** Options of another kind of bridge are not passed over. */
function refuseOtherOptions(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { kind, linkKinds }: { readonly kind: LinkKind; readonly linkKinds: LinkKinds },
): void {
  const others = [...linkKinds.values()].filter(({ section, name }) => section === 'bridges' && name !== kind.name);
  const keys = others.flatMap(({ fields, phrase }) =>
    Object.keys(fields).flatMap((key) => (key in kind.fields ? [] : [{ key, phrase }])),
  );
  for (const { key, phrase } of keys) {
    const cursor = childCursor(node, key);
    if (cursor.value === undefined) continue;
    const hint = 'leave it out, or write another `kind`';
    report(
      makeDiagnostic('bad-value', valueOfCursor(cursor), `${key} is of ${phrase}; this is ${kind.phrase}`, { hint }),
    );
  }
}

function readSubnet(node: SourceCursor, report: SourceDiagnosticReporter): TopologyBridge['subnets'][number] | null {
  const written = readString(node);
  if (written === null) return null;
  if (looksLikeAddress(written)) {
    const network = readNetwork(node, report, 'refused');
    return network && { value: { prefix: network.value }, at: node.path };
  }
  const name = readDeviceName(node, report);
  return name && { value: { name: name.value }, at: node.path };
}
