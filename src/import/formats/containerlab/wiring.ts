import type { Json } from '../../../model/json.ts';
import { appendTo } from '../../../model/values/group-by.ts';
import { shortLinkName } from '../../../net/name.ts';
import { type JsonMap, omitEmpty } from '../../result.ts';
import type { InterfaceNames } from './interface-names.ts';
import type { ContainerlabEndpoint, ContainerlabLink } from './links.ts';
import type { ManagementNetwork } from './management.ts';
import type { WiredInterface } from './namespaces.ts';
import type { ContainerlabNode, NodeGroups } from './nodes.ts';

/** The links of a file as a topology has them. */
export type ContainerlabWiring = {
  /** By namespace. */
  readonly interfaces: ReadonlyMap<string, readonly WiredInterface[]>;
  readonly cables: readonly Json[];
  readonly hostInterfaces: JsonMap;
  /** Bridges of the machine that a link needs. */
  readonly bridges: readonly string[];
};

type WiringContext = {
  readonly groups: NodeGroups;
  readonly names: InterfaceNames;
  readonly management: ManagementNetwork | null;
  /** Takes what is left out. */
  readonly leftOut: string[];
};

/** Where an end is: in a namespace, on the machine, or on a bridge (`sw:br01` of a bridge in a namespace). */
type PlacedEnd =
  | {
      readonly on: 'namespace' | 'host';
      readonly netns: string;
      readonly link: string;
      readonly end: ContainerlabEndpoint;
    }
  | {
      readonly on: 'bridge';
      readonly bridge: string;
      /** Where the bridge is, and its name and that of its port there. */
      readonly netns: string;
      readonly name: string;
      readonly link: string;
    };

type WiringResult = {
  readonly interfaces: Map<string, WiredInterface[]>;
  readonly cables: Json[];
  readonly hostInterfaces: { [name: string]: Json };
  readonly bridges: string[];
};

/** Makes interfaces and cables of the links. A link without a node's interface is left out. */
export function wireNodes(links: readonly ContainerlabLink[], context: WiringContext): ContainerlabWiring {
  const result: WiringResult = { interfaces: new Map(), cables: [], hostInterfaces: {}, bridges: [] };
  for (const link of links) {
    if (link.type === 'veth') wireCable(link, result, context);
    else wireSingle(link, result, context);
  }
  return result;
}

type VethLink = Extract<ContainerlabLink, { readonly type: 'veth' }>;
type SingleLink = Exclude<ContainerlabLink, VethLink>;

function wireCable({ ends, mtu }: VethLink, result: WiringResult, context: WiringContext): void {
  const [left, right] = [placeEnd(ends[0], context), placeEnd(ends[1], context)];
  const text = ends.map(({ node, link }) => `${node}:${link}`).join(' and ');
  if (left === null || right === null)
    return void context.leftOut.push(`the link between ${text}: no node is called so`);
  const plugged = left.on === 'bridge' ? right : left;
  const bridge = left.on === 'bridge' ? left : right.on === 'bridge' ? right : null;
  if (plugged.on === 'bridge' || (plugged.on === 'host' && bridge !== null))
    return void wirePorts([left, right], { mtu, text }, { result, context });
  if (plugged.on === 'host' && right.on === 'host')
    return void context.leftOut.push(`the link between ${text}: no node is on it`);
  for (const one of [left, right])
    if (one.on !== 'bridge') addInterface(one, { bridge: bridge?.bridge ?? null, mtu: bridge ? mtu : null }, result);
  if (bridge !== null) return;
  const names = [left, right].flatMap((one) => (one.on === 'bridge' ? [] : [`${one.netns}:${one.link}`]));
  result.cables.push(mtu === null ? names.join(' -- ') : { ends: names, mtu });
}

type PortsContext = { readonly result: WiringResult; readonly context: WiringContext };

/** A cable from a bridge to another, or to the machine: its ends have their own names. Nodes of a bridge have no interfaces to add to. */
function wirePorts(
  ends: readonly [PlacedEnd, PlacedEnd],
  { mtu, text }: { readonly mtu: Json; readonly text: string },
  { result, context }: PortsContext,
): void {
  const keys = ends.map(({ netns, link }) => `${netns}:${link}`);
  if (ends.some(({ netns }) => netns !== 'host') || keys[0] === keys[1])
    return void context.leftOut.push(`the link between ${text}: no node is on it`);
  for (const end of ends)
    if (end.on === 'bridge') result.hostInterfaces[end.link] = { bridge: end.name };
    else addInterface(end, {}, result);
  result.cables.push(mtu === null ? keys.join(' -- ') : { ends: keys, mtu });
}

function wireSingle({ type, end, mtu, kind }: SingleLink, result: WiringResult, context: WiringContext): void {
  const placed = placeEnd(end, context);
  // The bridge of the machine has the tunnel itself as a port.
  if (type === 'vxlan' && placed?.on === 'bridge' && placed.netns === 'host') {
    result.hostInterfaces[placed.link] = omitEmpty({ ...kind, bridge: placed.name, mtu });
    return;
  }
  if (placed?.on !== 'namespace')
    return void context.leftOut.push(`the ${type} link of ${end.node}:${end.link}: no node is on it`);
  const address = end.addresses.length === 0 ? 'none' : null;
  const managed = { bridge: context.management?.bridge ?? null, address };
  if (type !== 'vxlan') {
    addInterface(placed, { ...kind, ...(type === 'mgmt-net' ? managed : {}), mtu }, result);
    return;
  }
  // containerlab makes the tunnel on the machine, where the other end can be reached, and the node has the inside of it.
  const name = shortLinkName(`vx-${placed.netns}-${placed.link}`);
  const bridge = shortLinkName(`br-${placed.netns}-${placed.link}`);
  result.hostInterfaces[name] = { ...kind, bridge, address: 'none' };
  result.bridges.push(bridge);
  addInterface(placed, { bridge, mtu }, result);
}

function placeEnd(end: ContainerlabEndpoint, { groups, names }: WiringContext): PlacedEnd | null {
  const { node: label, link } = end;
  const isNode = (one: ContainerlabNode): boolean => one.label === label;
  const inner = groups.innerBridges.find(({ node }) => isNode(node));
  if (inner) {
    const [netns, name] = [inner.owner.name, inner.name];
    return { on: 'bridge', bridge: `${netns}:${name}`, netns, name, link };
  }
  const bridge = groups.bridges.find(isNode);
  if (bridge) {
    const { name } = bridge;
    return { on: 'bridge', bridge: name, netns: 'host', name, link: names.nameOf('host', link) };
  }
  if (label === 'host' || groups.hosts.some(isNode))
    return { on: 'host', netns: 'host', link: names.nameOf('host', link), end };
  const node = groups.all.find(isNode);
  const owner = node && (groups.owners.get(node) ?? node);
  return owner ? { on: 'namespace', netns: owner.name, link: names.nameOf(owner.name, link), end } : null;
}

type InterfacePlace = Extract<PlacedEnd, { readonly end: ContainerlabEndpoint }>;

function addInterface({ on, netns, link, end }: InterfacePlace, more: JsonMap, result: WiringResult): void {
  const { dummy } = more;
  const value = { ...omitEmpty({ ...more, mac: end.mac }), ...(dummy === undefined ? {} : { dummy }) };
  if (on === 'namespace') appendTo(result.interfaces, netns, { link, value, addresses: end.addresses });
  else if (end.addresses.length > 0) result.hostInterfaces[link] = end.addresses;
}
