import type { Json } from '../model/json.ts';
import type { FileImportContext, FileImporter } from './file-importer.ts';
import { firstHost } from './first-host.ts';
import { type IpCommandConfig, parseIpCommands } from './ip-commands.ts';
import { type ImportResult, type JsonMap, omitEmpty, oneOrList } from './result.ts';
import {
  listValue,
  mapEntries,
  mapValue,
  sanitizeName,
  textValue,
  textValues,
  unsupportedKeys,
} from './yaml-values.ts';

type ContainerlabNode = { readonly name: string; readonly value: JsonMap; readonly commands: IpCommandConfig };
type ContainerlabLink = { readonly ends: readonly [ContainerlabEndpoint, ContainerlabEndpoint]; readonly mtu: Json };
type ContainerlabEndpoint = { readonly node: string; readonly link: string; readonly mac: string | null };

const BRIDGES = ['bridge', 'ovs-bridge'];
const KNOWN = ['kind', 'exec', 'ports', 'mgmt-ipv4', 'mgmt-ipv6', 'sysctls', 'dns', 'group', 'labels'].concat(
  'network-mode',
);
const MGMT = ['network', 'bridge', 'ipv4-subnet', 'ipv6-subnet', 'ipv4-gw', 'ipv6-gw'];
const PLAIN = ['linux', 'ext-container'];
const MANAGEMENT = 'eth0';

/** containerlab: nodes become namespaces, links become cables. */
export const containerlabImporter: FileImporter = {
  name: 'containerlab',
  title: 'containerlab',
  section: 'topology',
  summary: 'Convert a containerlab file into a topology.',
  description:
    'Nodes become namespaces, links become cables, bridges become bridges; ip and sysctl commands in exec become addresses, routes and settings. Reads the file only. What a topology cannot express, such as the programs of the nodes, is listed in a comment and on standard error.',
  example: { file: 'lab.clab.yml', out: 'containerlab.yaml' },
  convert: importContainerlab,
};

function importContainerlab(file: Json, { lab: name }: FileImportContext): ImportResult {
  const topology = mapValue(mapValue(file)['topology']);
  const unknown: string[] = [];
  const kinds = mapValue(topology['kinds']);
  const all = mapEntries(topology['nodes']).map(([label, value]): ContainerlabNode => {
    const [own, defaults] = [mapValue(value), mapValue(topology['defaults'])];
    const group = mapValue(mapValue(topology['groups'])[textValue(own['group']) ?? '']);
    const kind = [own, group, defaults].map((one) => textValue(one['kind'])).find((one) => one !== null) ?? 'linux';
    const layers = [defaults, mapValue(kinds[kind]), group, own];
    const sysctls = Object.assign({}, ...layers.map((one) => mapValue(one['sysctls'])));
    const merged: JsonMap = { ...Object.assign({}, ...layers), kind, sysctls };
    const commands = parseIpCommands(layers.flatMap((one) => textValues(one['exec'])));
    return { name: sanitizeName(label), value: merged, commands };
  });
  const bridges = all.filter(({ value }) => BRIDGES.includes(textValue(value['kind']) ?? ''));
  const nodes = all.filter((node) => !bridges.includes(node) && textValue(node.value['kind']) !== 'host');
  const isSwitched = ({ node }: ContainerlabEndpoint) => node === 'host' || bridges.some(({ name }) => name === node);
  const wires = listValue(topology['links']).flatMap((link, i) => wireOf(mapValue(link), `link ${i + 1}`, unknown));
  const management = managementOf(mapValue(file), nodes);
  for (const { ends } of wires.filter(({ ends }) => ends.every(isSwitched)))
    unknown.push(`the link between ${ends.map(({ node, link }) => `${node}:${link}`).join(' and ')}: no node is on it`);
  for (const node of nodes) {
    const kind = textValue(node.value['kind']) ?? 'linux';
    if (!PLAIN.includes(kind)) unknown.push(`node ${node.name}: what a ${kind} does`);
    unknown.push(...unsupportedKeys(`node ${node.name}`, node.value, KNOWN));
    const mode = textValue(node.value['network-mode']);
    if (mode !== null && mode !== 'none' && mode !== 'bridge') unknown.push(`node ${node.name}: network-mode ${mode}`);
    unknown.push(...unplaced(node, wires, management));
    unknown.push(...node.commands.unknown.map((line) => `node ${node.name} runs: ${line}`));
  }
  unknown.push(...unsupportedKeys('the management network', mapValue(mapValue(file)['mgmt']), MGMT));
  unknown.push(...unsupportedKeys('the topology', topology, ['defaults', 'kinds', 'groups', 'nodes', 'links']));
  unknown.push(...unsupportedKeys('the file', mapValue(file), ['name', 'topology', 'mgmt', 'prefix']));
  if (management === null) unknown.push('the management network, which no node says anything about');
  const context = { bridges: new Set(bridges.map((one) => one.name)), wires, management };
  const cables = wires.filter(({ ends }) => !ends.some(({ node }) => context.bridges.has(node)));
  const document = {
    version: 1,
    name,
    ...omitEmpty({
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

type ContainerlabContext = {
  readonly bridges: ReadonlySet<string>;
  readonly wires: readonly ContainerlabLink[];
  readonly management: ManagementNetwork | null;
};

/** The network by which containerlab reaches its nodes, where the file says anything about it. */
type ManagementNetwork = { readonly bridge: string; readonly value: Json };

function managementOf(file: JsonMap, nodes: readonly ContainerlabNode[]): ManagementNetwork | null {
  const mgmt = mapValue(file['mgmt']);
  const isMeant = nodes.some(({ value }) =>
    ['mgmt-ipv4', 'mgmt-ipv6', 'ports'].some((key) => value[key] !== undefined),
  );
  if (Object.keys(mgmt).length === 0 && !isMeant) return null;
  const subnets = { 4: textValue(mgmt['ipv4-subnet']) ?? '172.20.20.0/24', 6: textValue(mgmt['ipv6-subnet']) };
  const gateways = ([4, 6] as const).flatMap(
    (family) => textValue(mgmt[`ipv${family}-gw`]) ?? firstHost(subnets[family] ?? ''),
  );
  return {
    bridge: sanitizeName(textValue(mgmt['bridge']) ?? textValue(mgmt['network']) ?? 'clab'),
    value: { subnet: oneOrList(Object.values(subnets).flatMap((one) => one ?? [])), address: oneOrList(gateways) },
  };
}

const isManaged = ({ value }: ContainerlabNode): boolean => textValue(value['network-mode']) !== 'none';

/** Addresses of interfaces that no link makes: a VLAN, a bond, a bridge of the node's own. */
function unplaced(
  node: ContainerlabNode,
  wires: readonly ContainerlabLink[],
  management: ManagementNetwork | null,
): readonly string[] {
  const links = wires.flatMap(({ ends }) => ends.filter((end) => end.node === node.name).map(({ link }) => link));
  const known = new Set(['lo', ...(management && isManaged(node) ? [MANAGEMENT] : []), ...links]);
  return [...node.commands.addresses]
    .filter(([dev]) => !known.has(dev))
    .map(([dev, prefixes]) => `node ${node.name}: ${prefixes.join(', ')} of ${dev}, which no link makes`);
}

function namespaceOf(node: ContainerlabNode, { bridges, wires, management }: ContainerlabContext): JsonMap {
  const { name, value, commands } = node;
  const ends = wires.flatMap(({ ends: [left, right], mtu }) => [
    { own: left, other: right, mtu },
    { own: right, other: left, mtu },
  ]);
  const written = ends
    .filter(({ own }) => own.node === name)
    .map(({ own, other, mtu }) => {
      const bridge = bridges.has(other.node) ? other.node : null;
      const rest = omitEmpty({ mac: own.mac, mtu: commands.mtus.get(own.link) ?? (bridge ? mtu : null) });
      const address = oneOrList(commands.addresses.get(own.link) ?? []);
      return [
        own.link,
        bridge || Object.keys(rest).length > 0 ? omitEmpty({ bridge, address, ...rest }) : address,
      ] as const;
    });
  const addresses = ['mgmt-ipv4', 'mgmt-ipv6'].flatMap((key) => textValues(value[key]));
  const lo = oneOrList(commands.addresses.get('lo') ?? []);
  const dns = mapValue(value['dns']);
  return omitEmpty({
    interfaces: omitEmpty({
      ...(management && isManaged(node)
        ? { [MANAGEMENT]: omitEmpty({ bridge: management.bridge, address: oneOrList(addresses) }) }
        : {}),
      ...Object.fromEntries(written),
      lo,
    }),
    routes: commands.routes,
    sysctls: { ...mapValue(value['sysctls']), ...commands.sysctls },
    publish: textValues(value['ports']),
    dns: omitEmpty({
      nameservers: textValues(dns['servers']),
      search: textValues(dns['search']),
      options: textValues(dns['options']),
    }),
  });
}

function wireOf(link: JsonMap, label: string, unknown: string[]): readonly ContainerlabLink[] {
  const type = textValue(link['type']) ?? 'veth';
  const ends = listValue(link['endpoints']).flatMap((one) => endingOf(one));
  const [left, right] = ends;
  const special = [left, right].find((end) => end && /^(?:macvlan|vxlan|vxlan-stitch|dummy|mgmt-net)$/.test(end.node));
  if (type !== 'veth' || !left || !right || special) {
    unknown.push(`${label}: of type ${special?.node ?? type}`);
    return [];
  }
  unknown.push(...unsupportedKeys(label, link, ['type', 'endpoints', 'mtu', 'labels']));
  return [{ ends: [left, right], mtu: link['mtu'] ?? null }];
}

/** `srl1:e1-1`, or `{ node, interface, mac }`. */
function endingOf(written: Json): readonly ContainerlabEndpoint[] {
  const long = mapValue(written);
  const [node, link] =
    typeof written === 'string' ? written.split(':') : [textValue(long['node']), textValue(long['interface'])];
  if (!node || !link) return [];
  const place = node === 'host' ? node : sanitizeName(node);
  return [{ node: place, link: link.replace(/[^A-Za-z0-9_.-]/g, '-'), mac: textValue(long['mac']) }];
}

function cableText({ ends: [left, right], mtu }: ContainerlabLink): Json {
  const [first, second] = [left, right].map(({ node, link }) => `${node}:${link}`);
  return mtu === null ? `${first} -- ${second}` : { ends: [first ?? '', second ?? ''], mtu };
}
