import type { Json } from '../model/json.ts';
import { type Commanded, commandsIn } from './commands.ts';
import { firstHost } from './first-host.ts';
import { entriesOf, leftOver, listOf, nameFor, textOf, textsOf, treeOf } from './foreign.ts';
import { filled, type Imported, oneOrList, type Tree } from './imported.ts';

type Node = { readonly name: string; readonly value: Tree; readonly commands: Commanded };
type Wire = { readonly ends: readonly [Ending, Ending]; readonly mtu: Json };
type Ending = { readonly node: string; readonly link: string; readonly mac: string | null };

const BRIDGES = ['bridge', 'ovs-bridge'];
const KNOWN = ['kind', 'exec', 'ports', 'mgmt-ipv4', 'mgmt-ipv6', 'sysctls', 'dns', 'group', 'labels'].concat(
  'network-mode',
);
const MGMT = ['network', 'bridge', 'ipv4-subnet', 'ipv6-subnet', 'ipv4-gw', 'ipv6-gw'];
const PLAIN = ['linux', 'ext-container'];
const MANAGEMENT = 'eth0';

/** A file of containerlab's: nodes become namespaces, links cables, and what nodes run at their start addresses and routes. */
export function importContainerlab(file: Json, name: string | null): Imported {
  const topology = treeOf(treeOf(file)['topology']);
  const unknown: string[] = [];
  const kinds = treeOf(topology['kinds']);
  const all = entriesOf(topology['nodes']).map(([label, value]): Node => {
    const [own, defaults] = [treeOf(value), treeOf(topology['defaults'])];
    const group = treeOf(treeOf(topology['groups'])[textOf(own['group']) ?? '']);
    const kind = [own, group, defaults].map((one) => textOf(one['kind'])).find((one) => one !== null) ?? 'linux';
    const layers = [defaults, treeOf(kinds[kind]), group, own];
    const sysctls = Object.assign({}, ...layers.map((one) => treeOf(one['sysctls'])));
    const merged: Tree = { ...Object.assign({}, ...layers), kind, sysctls };
    const commands = commandsIn(layers.flatMap((one) => textsOf(one['exec'])));
    return { name: nameFor(label), value: merged, commands };
  });
  const bridges = all.filter(({ value }) => BRIDGES.includes(textOf(value['kind']) ?? ''));
  const nodes = all.filter((node) => !bridges.includes(node) && textOf(node.value['kind']) !== 'host');
  const isSwitched = ({ node }: Ending) => node === 'host' || bridges.some(({ name }) => name === node);
  const wires = listOf(topology['links']).flatMap((link, i) => wireOf(treeOf(link), `link ${i + 1}`, unknown));
  const management = managementOf(treeOf(file), nodes);
  for (const { ends } of wires.filter(({ ends }) => ends.every(isSwitched)))
    unknown.push(`the link between ${ends.map(({ node, link }) => `${node}:${link}`).join(' and ')}: no node is on it`);
  for (const node of nodes) {
    const kind = textOf(node.value['kind']) ?? 'linux';
    if (!PLAIN.includes(kind)) unknown.push(`node ${node.name}: what a ${kind} does`);
    unknown.push(...leftOver(`node ${node.name}`, node.value, KNOWN));
    const mode = textOf(node.value['network-mode']);
    if (mode !== null && mode !== 'none' && mode !== 'bridge') unknown.push(`node ${node.name}: network-mode ${mode}`);
    unknown.push(...unplaced(node, wires, management));
    unknown.push(...node.commands.unknown.map((line) => `node ${node.name} runs: ${line}`));
  }
  unknown.push(...leftOver('the management network', treeOf(treeOf(file)['mgmt']), MGMT));
  unknown.push(...leftOver('the topology', topology, ['defaults', 'kinds', 'groups', 'nodes', 'links']));
  unknown.push(...leftOver('the file', treeOf(file), ['name', 'topology', 'mgmt', 'prefix']));
  if (management === null) unknown.push('the management network, which no node says anything about');
  const context = { bridges: new Set(bridges.map((one) => one.name)), wires, management };
  const cables = wires.filter(({ ends }) => !ends.some(({ node }) => context.bridges.has(node)));
  const document = {
    version: 1,
    name: name ?? nameFor(textOf(treeOf(file)['name']) ?? 'imported'),
    ...filled({
      bridges: Object.fromEntries([
        ...bridges.map((one) => [one.name, {}] as const),
        ...(management ? [[management.bridge, management.value] as const] : []),
      ]),
      namespaces: Object.fromEntries(nodes.map((node) => [node.name, namespaceOf(node, context)])),
      links: cables.map(cableText),
      nat: management ? [{ masquerade: management.bridge }] : [],
    }),
  };
  return { document, head: [], comments: [], unknown, unknownIs: 'left out' };
}

type Context = {
  readonly bridges: ReadonlySet<string>;
  readonly wires: readonly Wire[];
  readonly management: Management | null;
};

/** The network by which containerlab reaches its nodes, where the file says anything about it. */
type Management = { readonly bridge: string; readonly value: Json };

function managementOf(file: Tree, nodes: readonly Node[]): Management | null {
  const mgmt = treeOf(file['mgmt']);
  const isMeant = nodes.some(({ value }) =>
    ['mgmt-ipv4', 'mgmt-ipv6', 'ports'].some((key) => value[key] !== undefined),
  );
  if (Object.keys(mgmt).length === 0 && !isMeant) return null;
  const subnets = { 4: textOf(mgmt['ipv4-subnet']) ?? '172.20.20.0/24', 6: textOf(mgmt['ipv6-subnet']) };
  const gateways = ([4, 6] as const).flatMap(
    (family) => textOf(mgmt[`ipv${family}-gw`]) ?? firstHost(subnets[family] ?? ''),
  );
  return {
    bridge: nameFor(textOf(mgmt['bridge']) ?? textOf(mgmt['network']) ?? 'clab'),
    value: { subnet: oneOrList(Object.values(subnets).flatMap((one) => one ?? [])), address: oneOrList(gateways) },
  };
}

const isManaged = ({ value }: Node): boolean => textOf(value['network-mode']) !== 'none';

/** Addresses of interfaces that no link makes: a VLAN, a bond, a bridge of the node's own. */
function unplaced(node: Node, wires: readonly Wire[], management: Management | null): readonly string[] {
  const links = wires.flatMap(({ ends }) => ends.filter((end) => end.node === node.name).map(({ link }) => link));
  const known = new Set(['lo', ...(management && isManaged(node) ? [MANAGEMENT] : []), ...links]);
  return [...node.commands.addresses]
    .filter(([dev]) => !known.has(dev))
    .map(([dev, prefixes]) => `node ${node.name}: ${prefixes.join(', ')} of ${dev}, which no link makes`);
}

function namespaceOf(node: Node, { bridges, wires, management }: Context): Tree {
  const { name, value, commands } = node;
  const ends = wires.flatMap(({ ends: [left, right], mtu }) => [
    { own: left, other: right, mtu },
    { own: right, other: left, mtu },
  ]);
  const written = ends
    .filter(({ own }) => own.node === name)
    .map(({ own, other, mtu }) => {
      const bridge = bridges.has(other.node) ? other.node : null;
      const rest = filled({ mac: own.mac, mtu: commands.mtus.get(own.link) ?? (bridge ? mtu : null) });
      const address = oneOrList(commands.addresses.get(own.link) ?? []);
      return [
        own.link,
        bridge || Object.keys(rest).length > 0 ? filled({ bridge, address, ...rest }) : address,
      ] as const;
    });
  const addresses = ['mgmt-ipv4', 'mgmt-ipv6'].flatMap((key) => textsOf(value[key]));
  const lo = oneOrList(commands.addresses.get('lo') ?? []);
  const dns = treeOf(value['dns']);
  return filled({
    interfaces: filled({
      ...(management && isManaged(node)
        ? { [MANAGEMENT]: filled({ bridge: management.bridge, address: oneOrList(addresses) }) }
        : {}),
      ...Object.fromEntries(written),
      lo,
    }),
    routes: commands.routes,
    sysctls: { ...treeOf(value['sysctls']), ...commands.sysctls },
    publish: textsOf(value['ports']),
    dns: filled({
      nameservers: textsOf(dns['servers']),
      search: textsOf(dns['search']),
      options: textsOf(dns['options']),
    }),
  });
}

function wireOf(link: Tree, label: string, unknown: string[]): readonly Wire[] {
  const type = textOf(link['type']) ?? 'veth';
  const ends = listOf(link['endpoints']).flatMap((one) => endingOf(one));
  const [left, right] = ends;
  const special = [left, right].find((end) => end && /^(?:macvlan|vxlan|vxlan-stitch|dummy|mgmt-net)$/.test(end.node));
  if (type !== 'veth' || !left || !right || special) {
    unknown.push(`${label}: of type ${special?.node ?? type}`);
    return [];
  }
  unknown.push(...leftOver(label, link, ['type', 'endpoints', 'mtu', 'labels']));
  return [{ ends: [left, right], mtu: link['mtu'] ?? null }];
}

/** `srl1:e1-1`, or `{ node, interface, mac }`. */
function endingOf(written: Json): readonly Ending[] {
  const long = treeOf(written);
  const [node, link] =
    typeof written === 'string' ? written.split(':') : [textOf(long['node']), textOf(long['interface'])];
  if (!node || !link) return [];
  const place = node === 'host' ? node : nameFor(node);
  return [{ node: place, link: link.replace(/[^A-Za-z0-9_.-]/g, '-'), mac: textOf(long['mac']) }];
}

function cableText({ ends: [left, right], mtu }: Wire): Json {
  const [first, second] = [left, right].map(({ node, link }) => `${node}:${link}`);
  return mtu === null ? `${first} -- ${second}` : { ends: [first ?? '', second ?? ''], mtu };
}
