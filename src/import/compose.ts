import type { Json } from '../model/json.ts';
import { firstHost } from './first-host.ts';
import { entriesOf, leftOver, listOf, nameFor, pairsOf, textOf, textsOf, treeOf } from './foreign.ts';
import { filled, type Imported, oneOrList, type Tree } from './imported.ts';

type Network = { readonly key: string; readonly bridge: string; readonly value: Tree; readonly isInternal: boolean };

const SERVICE = ['networks', 'ports', 'extra_hosts', 'dns', 'dns_search', 'dns_opt', 'sysctls', 'network_mode'].concat([
  ...['hostname', 'container_name', 'links', 'expose', 'mac_address', 'labels'],
]);

const JOINED = ['ipv4_address', 'ipv6_address', 'mac_address', 'aliases'];

/** A file of Docker Compose's: services become namespaces, networks bridges with NAT, ports what is published. */
export function importCompose(file: Json, name: string): Imported {
  const compose = treeOf(file);
  const unknown: string[] = [];
  const services = entriesOf(compose['services']).map(([key, value]) => ({ key, value: treeOf(value) }));
  const networks = networksOf(compose, { name, services: services.map(({ value }) => value), unknown });
  const hosts = new Map<string, string[]>();
  const namespaces = services.flatMap(({ key, value }) => {
    unknown.push(...leftOver(`service ${key}`, value, SERVICE));
    const mode = textOf(value['network_mode']);
    if (mode !== null && mode !== 'none' && mode !== 'bridge') {
      unknown.push(`service ${key}: network_mode ${mode}, so it is left out`);
      return [];
    }
    for (const alias of aliasesOf(value).filter((one) => one !== nameFor(key))) {
      hosts.set(alias, [...(hosts.get(alias) ?? []), nameFor(key)]);
    }
    return [[nameFor(key), serviceOf(key, value, { networks, unknown })] as const];
  });
  unknown.push(...leftOver('the file', compose, ['version', 'name', 'services', 'networks']));
  const document = {
    version: 1,
    name,
    ...filled({
      bridges: Object.fromEntries(networks.map(({ bridge, value }) => [bridge, value])),
      namespaces: Object.fromEntries(namespaces),
      nat: networks.filter(({ isInternal }) => !isInternal).map(({ bridge }) => ({ masquerade: bridge })),
      dns: filled({ hosts: Object.fromEntries([...hosts].map(([alias, to]) => [alias, oneOrList(to)])) }),
    }),
  };
  return { document, head: [], comments: [], unknown, unknownIs: 'left out' };
}

type Whole = { readonly name: string; readonly services: readonly Tree[]; readonly unknown: string[] };

function networksOf(compose: Tree, { name, services, unknown }: Whole): readonly Network[] {
  const written = treeOf(compose['networks']);
  const needsDefault = services.some((one) => one['networks'] === undefined && one['network_mode'] === undefined);
  const keys = [...(needsDefault && !('default' in written) ? ['default'] : []), ...Object.keys(written)];
  const used = keys.flatMap((key) => configsOf(treeOf(written[key]))).flatMap(({ subnet }) => textsOf(subnet));
  let next = 18;
  return keys.map((key) => {
    const network = treeOf(written[key]);
    unknown.push(
      ...leftOver(`network ${key}`, network, [
        'driver',
        'ipam',
        'internal',
        'name',
        'enable_ipv6',
        'labels',
        'attachable',
      ]),
    );
    const driver = textOf(network['driver']) ?? 'bridge';
    if (driver !== 'bridge') unknown.push(`network ${key}: driver ${driver}; it becomes a bridge`);
    const configs = configsOf(network);
    for (const config of configs) unknown.push(...leftOver(`network ${key}`, config, ['subnet', 'gateway']));
    if (network['enable_ipv6'] === true && !configs.some(({ subnet }) => textOf(subnet)?.includes(':')))
      unknown.push(`network ${key}: enable_ipv6, for which the file names no subnet`);
    if (configs.length === 0) {
      while (used.some((subnet) => subnet.startsWith(`172.${next}.`))) next++;
      configs.push({ subnet: `172.${next++}.0.0/16` });
    }
    const isInternal = network['internal'] === true;
    const subnets = configs.flatMap(({ subnet }) => textsOf(subnet));
    const addresses = configs.flatMap(
      (config) => textOf(config['gateway']) ?? firstHost(textOf(config['subnet']) ?? ''),
    );
    // The name is reserved; Docker itself puts that of the project before it.
    const bridge = nameFor(key === 'default' ? `${name}-default` : key);
    const value = filled({
      subnet: oneOrList(subnets),
      address: oneOrList(addresses),
      gateway: isInternal ? 'none' : null,
    });
    return { key, bridge, value, isInternal };
  });
}

const configsOf = (network: Tree): Tree[] =>
  listOf(treeOf(network['ipam'])['config'])
    .map(treeOf)
    .filter((one) => 'subnet' in one);

type Ground = { readonly networks: readonly Network[]; readonly unknown: string[] };

function serviceOf(key: string, service: Tree, { networks, unknown }: Ground): Tree {
  const joined = joinedBy(service);
  const interfaces = joined.flatMap(([name, options], i) => {
    const network = networks.find((one) => one.key === name);
    if (!network) unknown.push(`service ${key}: network ${name}, which the file does not declare`);
    if (!network) return [];
    unknown.push(...leftOver(`service ${key} on ${name}`, options, JOINED));
    const addresses = ['ipv4_address', 'ipv6_address'].flatMap((one) => textsOf(options[one]));
    const mac = textOf(options['mac_address']) ?? (i === 0 ? textOf(service['mac_address']) : null);
    const gateway = joined.length > 1 && !network.isInternal ? i === firstOpen(joined, networks) : null;
    return [[`eth${i}`, filled({ bridge: network.bridge, address: oneOrList(addresses), mac, gateway })] as const];
  });
  return filled({
    interfaces: Object.fromEntries(interfaces),
    sysctls: Object.fromEntries(
      pairsOf(service['sysctls'], '=').map(([name, value]) => [name, /^\d+$/.test(value) ? Number(value) : value]),
    ),
    publish: listOf(service['ports']).flatMap((port) => publishOf(key, port, unknown)),
    dns: dnsOf(service),
  });
}

/** Of several networks the first that leads outside is the way out. */
const firstOpen = (joined: readonly (readonly [string, Tree])[], networks: readonly Network[]): number =>
  joined.findIndex(([name]) => networks.some(({ key, isInternal }) => key === name && !isInternal));

function joinedBy(service: Tree): readonly (readonly [string, Tree])[] {
  const { networks, network_mode: mode } = service;
  if (mode !== undefined && mode !== null && mode !== 'bridge') return [];
  if (networks === undefined || networks === null) return [['default', {}]];
  if (Array.isArray(networks)) return textsOf(networks).map((name) => [name, {}] as const);
  return entriesOf(networks).map(([name, options]) => [name, treeOf(options)] as const);
}

/** Names that others know a service by besides its own. */
const aliasesOf = (service: Tree): readonly string[] => [
  ...new Set([
    ...joinedBy(service).flatMap(([, options]) => textsOf(options['aliases'])),
    ...textsOf(service['container_name']),
    ...textsOf(service['hostname']),
  ]),
];

function publishOf(key: string, port: Json, unknown: string[]): readonly Json[] {
  const long = treeOf(port);
  const { target, published } = long;
  const protocol = textOf(long['protocol']);
  const host = textOf(long['host_ip']);
  const text =
    Object.keys(long).length === 0 ? (textOf(port) ?? '') : `${textOf(published) ?? ''}:${textOf(target) ?? ''}`;
  const whole = `${host === null ? '' : `${host}:`}${text}${protocol === null || protocol === 'tcp' ? '' : `/${protocol}`}`;
  const plain = whole.replace(/\/tcp$/, '');
  if (/^(?:[^/]*:)?\d+(?:-\d+)?:\d+(?:-\d+)?(?:\/\w+)?$/.test(plain)) return [plain];
  const why = text.includes('$') ? 'in which there is a variable' : 'for which the file names no port of the machine';
  unknown.push(`service ${key}: port ${text.replace(/^:/, '')}, ${why}`);
  return [];
}

function dnsOf(service: Tree): Tree {
  const pairs = pairsOf(
    service['extra_hosts'],
    textsOf(service['extra_hosts']).some((line) => line.includes('=')) ? '=' : ':',
  );
  const hosts = pairs.flatMap(([name, address]) => {
    if (address !== 'host-gateway') return [[name, address.replace(/^\[|\]$/g, '')] as const];
    return [[name, 'host'] as const];
  });
  const links = textsOf(service['links']).flatMap((link) => {
    const [to = '', alias] = link.split(':');
    return alias === undefined || alias === to ? [] : [[alias, nameFor(to)] as const];
  });
  const search = textsOf(service['dns_search']);
  const servers = textsOf(service['dns']);
  return filled({
    nameservers: servers,
    search,
    options: textsOf(service['dns_opt']),
    hosts: Object.fromEntries([...hosts, ...links]),
  });
}
