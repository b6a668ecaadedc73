import type { Json } from '../model/json.ts';
import { appendTo } from '../model/values/group-by.ts';
import type { FileImporter } from './file-importer.ts';
import { firstHost } from './first-host.ts';
import { type ImportResult, type JsonMap, omitEmpty, oneOrList } from './result.ts';
import {
  keyValuePairs,
  listValue,
  mapEntries,
  mapValue,
  sanitizeName,
  textValue,
  textValues,
  unsupportedKeys,
} from './yaml-values.ts';

type ComposeNetwork = {
  readonly key: string;
  readonly bridge: string;
  readonly value: JsonMap;
  readonly isInternal: boolean;
};

const SERVICE = ['networks', 'ports', 'extra_hosts', 'dns', 'dns_search', 'dns_opt', 'sysctls', 'network_mode'].concat([
  ...['hostname', 'container_name', 'links', 'expose', 'mac_address', 'labels'],
]);

const JOINED = ['ipv4_address', 'ipv6_address', 'mac_address', 'aliases'];

/** Docker Compose: services become namespaces, networks become bridges with NAT. */
export const composeImporter: FileImporter = {
  name: 'compose',
  title: 'Docker Compose',
  section: 'services',
  summary: 'Convert a Docker Compose file into a topology.',
  description:
    'Services become namespaces, networks become bridges with their subnets and NAT, ports become port forwards, aliases and extra_hosts become names. Reads the file only. What a topology cannot express, such as the programs of the services, is listed in a comment and on standard error.',
  example: { file: 'compose.yaml', out: 'shop.yaml' },
  convert: importCompose,
};

function importCompose(file: Json, name: string): ImportResult {
  const compose = mapValue(file);
  const unknown: string[] = [];
  const services = mapEntries(compose['services']).map(([key, value]) => ({ key, value: mapValue(value) }));
  const networks = networksOf(compose, { name, services: services.map(({ value }) => value), unknown });
  const hosts = new Map<string, string[]>();
  const namespaces = services.flatMap(({ key, value }) => {
    unknown.push(...unsupportedKeys(`service ${key}`, value, SERVICE));
    const mode = textValue(value['network_mode']);
    if (mode !== null && mode !== 'none' && mode !== 'bridge') {
      unknown.push(`service ${key}: network_mode ${mode}, so it is left out`);
      return [];
    }
    for (const alias of aliasesOf(value).filter((one) => one !== sanitizeName(key))) {
      appendTo(hosts, alias, sanitizeName(key));
    }
    return [[sanitizeName(key), serviceOf(key, value, { networks, unknown })] as const];
  });
  unknown.push(...unsupportedKeys('the file', compose, ['version', 'name', 'services', 'networks']));
  const document = {
    version: 1,
    name,
    ...omitEmpty({
      bridges: Object.fromEntries(networks.map(({ bridge, value }) => [bridge, value])),
      namespaces: Object.fromEntries(namespaces),
      nat: networks.filter(({ isInternal }) => !isInternal).map(({ bridge }) => ({ masquerade: bridge })),
      dns: omitEmpty({ hosts: Object.fromEntries([...hosts].map(([alias, to]) => [alias, oneOrList(to)])) }),
    }),
  };
  return { document, head: [], comments: [], unknown, unknownIs: 'left out' };
}

type ComposeNetworkContext = {
  readonly name: string;
  readonly services: readonly JsonMap[];
  readonly unknown: string[];
};

function networksOf(compose: JsonMap, { name, services, unknown }: ComposeNetworkContext): readonly ComposeNetwork[] {
  const written = mapValue(compose['networks']);
  const needsDefault = services.some((one) => one['networks'] === undefined && one['network_mode'] === undefined);
  const keys = [...(needsDefault && !('default' in written) ? ['default'] : []), ...Object.keys(written)];
  const used = keys.flatMap((key) => configsOf(mapValue(written[key]))).flatMap(({ subnet }) => textValues(subnet));
  let next = 18;
  return keys.map((key) => {
    const network = mapValue(written[key]);
    unknown.push(
      ...unsupportedKeys(`network ${key}`, network, [
        'driver',
        'ipam',
        'internal',
        'name',
        'enable_ipv6',
        'labels',
        'attachable',
      ]),
    );
    const driver = textValue(network['driver']) ?? 'bridge';
    if (driver !== 'bridge') unknown.push(`network ${key}: driver ${driver}; it becomes a bridge`);
    const configs = configsOf(network);
    for (const config of configs) unknown.push(...unsupportedKeys(`network ${key}`, config, ['subnet', 'gateway']));
    if (network['enable_ipv6'] === true && !configs.some(({ subnet }) => textValue(subnet)?.includes(':')))
      unknown.push(`network ${key}: enable_ipv6, for which the file names no subnet`);
    if (configs.length === 0) {
      while (used.some((subnet) => subnet.startsWith(`172.${next}.`))) next++;
      configs.push({ subnet: `172.${next++}.0.0/16` });
    }
    const isInternal = network['internal'] === true;
    const subnets = configs.flatMap(({ subnet }) => textValues(subnet));
    const addresses = configs.flatMap(
      (config) => textValue(config['gateway']) ?? firstHost(textValue(config['subnet']) ?? ''),
    );
    // The name is reserved; Docker itself puts that of the project before it.
    const bridge = sanitizeName(key === 'default' ? `${name}-default` : key);
    const value = omitEmpty({
      subnet: oneOrList(subnets),
      address: oneOrList(addresses),
      gateway: isInternal ? 'none' : null,
    });
    return { key, bridge, value, isInternal };
  });
}

const configsOf = (network: JsonMap): JsonMap[] =>
  listValue(mapValue(network['ipam'])['config'])
    .map(mapValue)
    .filter((one) => 'subnet' in one);

type ComposeServiceContext = { readonly networks: readonly ComposeNetwork[]; readonly unknown: string[] };

function serviceOf(key: string, service: JsonMap, { networks, unknown }: ComposeServiceContext): JsonMap {
  const joined = joinedBy(service);
  const interfaces = joined.flatMap(([name, options], i) => {
    const network = networks.find((one) => one.key === name);
    if (!network) unknown.push(`service ${key}: network ${name}, which the file does not declare`);
    if (!network) return [];
    unknown.push(...unsupportedKeys(`service ${key} on ${name}`, options, JOINED));
    const addresses = ['ipv4_address', 'ipv6_address'].flatMap((one) => textValues(options[one]));
    const mac = textValue(options['mac_address']) ?? (i === 0 ? textValue(service['mac_address']) : null);
    const gateway = joined.length > 1 && !network.isInternal ? i === firstOpen(joined, networks) : null;
    return [[`eth${i}`, omitEmpty({ bridge: network.bridge, address: oneOrList(addresses), mac, gateway })] as const];
  });
  return omitEmpty({
    interfaces: Object.fromEntries(interfaces),
    sysctls: Object.fromEntries(
      keyValuePairs(service['sysctls'], '=').map(([name, value]) => [
        name,
        /^\d+$/.test(value) ? Number(value) : value,
      ]),
    ),
    publish: listValue(service['ports']).flatMap((port) => publishOf(key, port, unknown)),
    dns: dnsOf(service),
  });
}

/** Of several networks the first that leads outside is the way out. */
const firstOpen = (joined: readonly (readonly [string, JsonMap])[], networks: readonly ComposeNetwork[]): number =>
  joined.findIndex(([name]) => networks.some(({ key, isInternal }) => key === name && !isInternal));

function joinedBy(service: JsonMap): readonly (readonly [string, JsonMap])[] {
  const { networks, network_mode: mode } = service;
  if (mode !== undefined && mode !== null && mode !== 'bridge') return [];
  if (networks === undefined || networks === null) return [['default', {}]];
  if (Array.isArray(networks)) return textValues(networks).map((name) => [name, {}] as const);
  return mapEntries(networks).map(([name, options]) => [name, mapValue(options)] as const);
}

/** Names that others know a service by besides its own. */
const aliasesOf = (service: JsonMap): readonly string[] => [
  ...new Set([
    ...joinedBy(service).flatMap(([, options]) => textValues(options['aliases'])),
    ...textValues(service['container_name']),
    ...textValues(service['hostname']),
  ]),
];

function publishOf(key: string, port: Json, unknown: string[]): readonly Json[] {
  const long = mapValue(port);
  const { target, published } = long;
  const protocol = textValue(long['protocol']);
  const host = textValue(long['host_ip']);
  const text =
    Object.keys(long).length === 0
      ? (textValue(port) ?? '')
      : `${textValue(published) ?? ''}:${textValue(target) ?? ''}`;
  const whole = `${host === null ? '' : `${host}:`}${text}${protocol === null || protocol === 'tcp' ? '' : `/${protocol}`}`;
  const plain = whole.replace(/\/tcp$/, '');
  if (/^(?:[^/]*:)?\d+(?:-\d+)?:\d+(?:-\d+)?(?:\/\w+)?$/.test(plain)) return [plain];
  const why = text.includes('$') ? 'in which there is a variable' : 'for which the file names no port of the machine';
  unknown.push(`service ${key}: port ${text.replace(/^:/, '')}, ${why}`);
  return [];
}

function dnsOf(service: JsonMap): JsonMap {
  const pairs = keyValuePairs(
    service['extra_hosts'],
    textValues(service['extra_hosts']).some((line) => line.includes('=')) ? '=' : ':',
  );
  const hosts = pairs.flatMap(([name, address]) => {
    if (address !== 'host-gateway') return [[name, address.replace(/^\[|\]$/g, '')] as const];
    return [[name, 'host'] as const];
  });
  const links = textValues(service['links']).flatMap((link) => {
    const [to = '', alias] = link.split(':');
    return alias === undefined || alias === to ? [] : [[alias, sanitizeName(to)] as const];
  });
  const search = textValues(service['dns_search']);
  const servers = textValues(service['dns']);
  return omitEmpty({
    nameservers: servers,
    search,
    options: textValues(service['dns_opt']),
    hosts: Object.fromEntries([...hosts, ...links]),
  });
}
