import { problem } from '../../model/diagnostic.ts';
import type { At, Bridge, GatewayText, NamedSubnet } from '../../model/topology.ts';
import {
  at,
  child,
  entries,
  flag,
  integer,
  isRecord,
  items,
  type Node,
  onValue,
  present,
  type Report,
  text,
} from '../node.ts';
import { readMac, readNetwork } from './address.ts';
import { looksLikeAddress } from './address-words.ts';
import { readSeconds } from './duration.ts';
import { readAddresses } from './interface.ts';
import { checkName, readDevice, readTarget } from './name.ts';

/** The bridges of a namespace or of the host; the short form is the subnet. */
export function readBridges(node: Node, report: Report): readonly Bridge[] {
  return entries(node).map(({ name, node }) => {
    checkName(node, report, 'bridge');
    return readBridge(name, node, report);
  });
}

function readBridge(name: string, node: Node, report: Report): Bridge {
  const long = isRecord(node.value);
  const mtu = child(node, 'mtu');
  return {
    name,
    at: node.path,
    subnets: present(items(long ? child(node, 'subnet') : node).map((item) => readSubnet(item, report))),
    addresses: readAddresses(child(node, 'address'), report),
    gateway: readGateways(child(node, 'gateway'), report),
    mac: readMac(child(node, 'mac'), report),
    mtu: at(mtu, integer(mtu)),
    state: text(child(node, 'state')) === 'down' ? 'down' : 'up',
    stp: flag(child(node, 'stp')) ?? false,
    ageing: readSeconds(child(node, 'ageing'), report, { first: 0, last: 86400 }),
    forwardDelay: readSeconds(child(node, 'forwardDelay'), report, { first: 2, last: 30 }),
    priority: integer(child(node, 'priority')),
    multicastSnooping: flag(child(node, 'multicastSnooping')) ?? true,
  };
}

function readSubnet(node: Node, report: Report): Bridge['subnets'][number] | null {
  const written = text(node);
  if (written === null) return null;
  if (looksLikeAddress(written)) {
    const network = readNetwork(node, report, 'refused');
    return network && { value: { prefix: network.value }, at: node.path };
  }
  const name = readDevice(node, report);
  return name && { value: { name: name.value }, at: node.path };
}

/** The entries under `subnets`; the short form is the CIDR. */
export function readSubnets(node: Node, report: Report): readonly NamedSubnet[] {
  return entries(node).map(({ name, node }) => {
    checkName(node, report, 'pool');
    const cidrs = items(isRecord(node.value) ? child(node, 'cidr') : node);
    return {
      name,
      at: node.path,
      cidrs: present(cidrs.map((item) => readNetwork(item, report, 'refused'))),
      gateway: readGateways(child(node, 'gateway'), report),
    };
  });
}

function readGateways(node: Node, report: Report): readonly At<GatewayText>[] {
  const written = items(node);
  const none = written.find((item) => item.value === 'none');
  if (none && written.length > 1) {
    report(problem('bad-value', onValue(none), '"none" stands beside gateways', { hint: 'leave one of them out' }));
  }
  return present(
    written.map((item) => at<GatewayText>(item, item.value === 'none' ? { none: true } : readTarget(item, report))),
  );
}
