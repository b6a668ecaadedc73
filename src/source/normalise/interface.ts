import { problem } from '../../model/diagnostic.ts';
import type { Interface, WrittenAddress } from '../../model/topology.ts';
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
import { isOfMachine, readAddress, readInterfaceAddress, readMac } from './address.ts';
import { checkName, readDevice, readRef, readTarget } from './name.ts';

/** The interfaces of a namespace or of the host; the short form is the address. */
export function readInterfaces(node: Node, report: Report): readonly Interface[] {
  return entries(node).map(({ name, node }) => {
    checkName(node, report, 'link');
    return readInterface(name, node, report);
  });
}

function readInterface(name: string, node: Node, report: Report): Interface {
  const long = isRecord(node.value);
  const mtu = child(node, 'mtu');
  const gateway = child(node, 'gateway');
  return {
    name,
    at: node.path,
    bridge: readRef(child(node, 'bridge'), report, 'write the name of a bridge, or namespace:bridge'),
    vxlan: readVxlan(child(node, 'vxlan'), report),
    existing: flag(child(node, 'existing')) ?? false,
    address: addressesOf(long ? child(node, 'address') : node, report),
    mac: readMac(child(node, 'mac'), report),
    mtu: at(mtu, integer(mtu)),
    state: text(child(node, 'state')) === 'down' ? 'down' : 'up',
    gateway: at(gateway, flag(gateway)),
  };
}

const VXLAN_PORT = 4789;

/** `wrong` of one without a number or a remote that can be used: that has been said. */
function readVxlan(node: Node, report: Report): Interface['vxlan'] {
  if (node.value === undefined) return null;
  const id = at(child(node, 'id'), integer(child(node, 'id')));
  const to = child(node, 'remote');
  const target = readTarget(to, report);
  const isSound = !target || !('address' in target) || isOfMachine(to, report, { ...target, what: 'the remote' });
  const remote = at(to, isSound ? target : null);
  const local = readAddress(child(node, 'local'), report);
  const dev = readDevice(child(node, 'dev'), report);
  const port = integer(child(node, 'port')) ?? VXLAN_PORT;
  return id && remote ? { at: node.path, id, remote, local, dev, port } : 'wrong';
}

function addressesOf(node: Node, report: Report): Interface['address'] {
  const written = items(node);
  if (written.length === 0) return 'auto';
  const addresses = readAddresses(node, report);
  // None of a list that is all wrong: what follows from a wrong address is not another mistake.
  return addresses.length === 0 ? 'none' : addresses;
}

/** Addresses of a link; `none` gives an empty list. */
export function readAddresses(node: Node, report: Report): readonly WrittenAddress[] {
  const written = items(node);
  const none = written.find((item) => item.value === 'none');
  if (none && written.length > 1) {
    report(problem('bad-value', onValue(none), '"none" stands beside addresses', { hint: 'leave one of them out' }));
  }
  return present(written.filter((item) => item.value !== 'none').map((item) => readInterfaceAddress(item, report)));
}
