import { destinationOf, type VxlanOptions } from '../../../src/kinds/links/vxlan/options.ts';
import type { AddLink, Instruction, LinkSettings } from '../../../src/model/instruction.ts';
import type { Spec } from '../../../src/model/json.ts';
import { withoutPortDefaults } from '../../../src/net/bridge-port.ts';
import { forgetChains } from './queues.ts';
import { dropRoutesOf, dropUnreachable } from './routes.ts';
import { sysctlOf } from './sysctls.ts';
import {
  addLink,
  type FakeLink,
  type FakeNetns,
  linkOf,
  loopbackAddresses,
  netnsOf,
  refuse,
  type World,
} from './world.ts';

/** Makes a bridge, a vxlan or a veth pair, as RTM_NEWLINK with CREATE and EXCL. */
export function createLink(world: World, wanted: AddLink): void {
  const netns = netnsOf(world, wanted.netns);
  const { peer } = wanted;
  const other = peer && netnsOf(world, peer.netns);
  if ((wanted.kind === 'veth') !== (peer !== null)) throw refuse('EINVAL', 'a veth, and only a veth, has a peer');
  for (const [where, end] of [[netns, wanted] as const, ...(other && peer ? [[other, peer] as const] : [])]) {
    if (where.links.has(end.name)) throw refuse('EEXIST', `${end.name} exists in ${where.name}`);
    if (end.name.length > 15 || end.name === 'all' || end.name === 'default') throw refuse('EINVAL', end.name);
    checkMtu(end.mtu ?? 1500, wanted.kind);
  }
  if (peer && other === netns && peer.name === wanted.name) throw refuse('EEXIST', peer.name);
  if (wanted.master !== null) masterOf(netns, wanted.master, { up: false });
  if (wanted.lower) linkOf(netnsOf(world, wanted.lower.netns), wanted.lower.name);
  if (wanted.kind === 'vxlan') checkVxlan(netns, wanted.options as VxlanOptions, wanted.mtu ?? 1500);
  const { mac, group, mtu, kind, options, lower } = wanted;
  const link = addLink(netns, wanted.name, { kind, mac, group, mtu: mtu ?? 1500 });
  link.master = wanted.master;
  link.options = options;
  link.lower = lower;
  if (!peer || !other) return;
  link.peer = addLink(other, peer.name, { kind: 'veth', mac: peer.mac, group: peer.group, mtu: peer.mtu ?? 1500 });
  link.peer.peer = link;
}

/** Changes what is given. A link that goes down loses its routes, its neighbours and (without keep_addr_on_down) its IPv6. */
export function changeLink(world: World, { netns: name, name: dev, set }: Instruction & { do: 'link.set' }): void {
  const netns = netnsOf(world, name);
  const link = linkOf(netns, dev);
  checkSettings(netns, link, set);
  if (set.alias !== undefined && dev === 'lo') netns.mark = set.alias || null;
  if (set.alias !== undefined) link.alias = set.alias || null;
  if (set.group !== undefined) link.group = set.group;
  if (set.mac !== undefined) link.mac = set.mac;
  if (set.master !== undefined) Object.assign(link, { master: set.master, hairpin: false, port: {} });
  if (set.hairpin !== undefined) link.hairpin = set.hairpin;
  if (set.port) changePort(link, set.port);
  if (set.options && link.options) link.options = { ...link.options, ...set.options.values };
  if (set.mtu !== undefined) {
    link.mtu = set.mtu;
    if (set.mtu < 1280) dropIpv6(netns, dev);
  }
  if (set.up === false && link.up) goDown(netns, link);
  if (dev === 'lo' && set.up && netns.addresses.every((address) => address.dev !== 'lo')) {
    netns.addresses.push(...loopbackAddresses);
  }
  if (set.up !== undefined) link.up = set.up;
}

/** Puts a link elsewhere: what was on it stays behind, as of one that is deleted (__dev_change_net_namespace). */
export function moveLink(world: World, { netns, name, to }: Instruction & { do: 'link.move' }): void {
  const link = linkOf(netnsOf(world, netns), name);
  const target = netnsOf(world, to.netns);
  if (target.links.has(to.name)) throw refuse('EEXIST', `${to.name} exists in ${to.netns}`);
  if (name === 'lo' || link.kind === 'bridge' || link.kind === 'vrf')
    throw refuse('EINVAL', `${name} stays in its namespace`);
  if (netns === to.netns && link.up) throw refuse('EBUSY', `${name} is up`);
  forgetLink(world, link);
  const { kind, mac, mtu, group } = link;
  const moved = addLink(target, to.name, { kind, mac, mtu, group });
  Object.assign(moved, { alias: link.alias, options: link.options, up: false, master: null, hairpin: false, port: {} });
}

/** Deletes a link with everything on it, and the other end of a veth. */
export function deleteLink(world: World, netnsName: string, name: string): void {
  const link = linkOf(netnsOf(world, netnsName), name);
  if (link.kind === null) throw refuse('EOPNOTSUPP', `${name} cannot be deleted`);
  const { peer } = link;
  forgetLink(world, link);
  if (peer) forgetLink(world, peer);
}

/** Takes one link out of its namespace: its ports are free, its routes, addresses, neighbours and sysctls are gone. */
export function forgetLink(world: World, link: FakeLink): void {
  const netns = world.netns.get(link.netns);
  world.lingering.delete(link);
  if (!netns || netns.links.get(link.name) !== link) return;
  netns.links.delete(link.name);
  const above = [...world.netns.values()].flatMap(({ links }) => [...links.values()]);
  for (const one of above) if (one.lower?.netns === link.netns && one.lower.name === link.name) forgetLink(world, one);
  for (const port of netns.links.values()) {
    if (port.master === link.name) Object.assign(port, { master: null, hairpin: false, port: {} });
  }
  netns.addresses = netns.addresses.filter((address) => address.dev !== link.name);
  netns.neighbours = netns.neighbours.filter((neighbour) => neighbour.dev !== link.name);
  netns.fdb = netns.fdb.filter((entry) => entry.dev !== link.name);
  netns.mdb = netns.mdb.filter(({ dev, bridge }) => dev !== link.name && bridge !== link.name);
  forgetChains(netns, link.name);
  netns.vlans.delete(link.name);
  dropRoutesOf(netns, link.name);
  dropUnreachable(netns);
  for (const key of [...netns.sysctls.keys()]) {
    if (key.split('/')[3] === link.name) netns.sysctls.delete(key);
  }
}

function checkSettings(netns: FakeNetns, link: FakeLink, set: LinkSettings): void {
  if (set.mtu !== undefined) checkMtu(set.mtu, link.kind);
  if (set.mtu !== undefined && link.kind === 'vxlan') checkRoom(netns, link.options as VxlanOptions, set.mtu);
  if (set.options && set.options.kind !== link.kind) throw refuse('EOPNOTSUPP', `${link.name} is of another kind`);
  if (set.master !== undefined && set.master !== null) masterOf(netns, set.master, link);
  const master = set.master === undefined ? link.master : set.master;
  if ((set.hairpin !== undefined || set.port) && master === null) throw refuse('EINVAL', `${link.name} is not a port`);
  if (set.alias !== undefined && set.alias.length > 255) throw refuse('ERANGE', 'alias');
}

/** As `decodePortSettings` gives it: what a new port has not. */
function changePort(link: FakeLink, { hairpin, ...port }: Spec): void {
  if (hairpin !== undefined) link.hairpin = hairpin === true;
  link.port = withoutPortDefaults({ ...link.port, ...port });
}

const MASTERS = ['bridge', 'bond', 'vrf'];

/** A bond takes a port only while that is down (bond_enslave), and only one that is not up may have an address. */
function masterOf(netns: FakeNetns, name: string, port: { readonly up: boolean }): FakeLink {
  const master = linkOf(netns, name);
  if (!MASTERS.includes(master.kind ?? '')) throw refuse('EINVAL', `${name} takes no ports`);
  if (master.kind === 'bond' && port.up) throw refuse('EPERM', `${name} takes no port that is up`);
  return master;
}

/** One number and port in a namespace, through a link that is there and has room for what is wrapped around (vxlan_core.c). */
function checkVxlan(netns: FakeNetns, vxlan: VxlanOptions, mtu: number): void {
  const others = [...netns.links.values()].filter(({ kind }) => kind === 'vxlan');
  const same = others.some(({ options }) => options?.['id'] === vxlan.id && options['port'] === vxlan.port);
  if (same) throw refuse('EEXIST', `a vxlan of the number ${vxlan.id} and the port ${vxlan.port}`);
  if (vxlan.dev !== null) linkOf(netns, vxlan.dev);
  checkRoom(netns, vxlan, mtu);
}

function checkRoom(netns: FakeNetns, { dev, ...options }: VxlanOptions, mtu: number): void {
  const isIpv6 = destinationOf(options).includes(':');
  const most = dev === null ? 65535 : linkOf(netns, dev).mtu - (isIpv6 ? 70 : 50);
  if (mtu > most) throw refuse('EINVAL', `mtu ${mtu} is more than ${most}`);
}

/** IP6_MAX_MTU of a VRF (drivers/net/vrf.c). */
function checkMtu(mtu: number, kind: string | null): void {
  if (mtu < 68 || mtu > (kind === 'vrf' ? 65575 : 65535)) throw refuse('EINVAL', `mtu ${mtu}`);
}

function goDown(netns: FakeNetns, link: FakeLink): void {
  dropRoutesOf(netns, link.name);
  netns.neighbours = netns.neighbours.filter((neighbour) => neighbour.dev !== link.name);
  if (link.name === 'lo') netns.addresses = netns.addresses.filter(({ prefix }) => prefix !== '::1/128');
  const keep = ['all', link.name].some((dev) => sysctlOf(netns, `net/ipv6/conf/${dev}/keep_addr_on_down`) === '1');
  if (!keep) dropIpv6(netns, link.name);
}

function dropIpv6(netns: FakeNetns, dev: string): void {
  netns.addresses = netns.addresses.filter((address) => address.dev !== dev || !address.prefix.includes(':'));
  netns.routes = netns.routes.filter((route) => !route.to.includes(':') || route.hops.every((hop) => hop.dev !== dev));
  dropUnreachable(netns);
}
