import { firstHost } from '../../first-host.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../../result.ts';
import { listValue, mapValue, sanitizeName, textValue, textValues, unsupportedKeys } from '../../yaml-values.ts';
import { joinedNetworks } from './joined-networks.ts';

/** A network of a Compose file as a bridge. */
export type ComposeNetwork = {
  readonly key: string;
  readonly bridge: string;
  readonly value: JsonMap;
  /** It leads nowhere outside. */
  readonly isInternal: boolean;
  /** Docker masquerades what leaves it. */
  readonly isMasqueraded: boolean;
};

type NetworkContext = {
  readonly project: string;
  readonly services: readonly JsonMap[];
  /** Takes what is left out. */
  readonly unknown: string[];
};

const KNOWN = ['driver', 'driver_opts', 'ipam', 'internal', 'name', 'enable_ipv6', 'labels', 'attachable'];
const OPTION = 'com.docker.network.';
const OPTIONS = {
  mtu: `${OPTION}driver.mtu`,
  bridge: `${OPTION}bridge.name`,
  masquerade: `${OPTION}bridge.enable_ip_masquerade`,
} as const;
/** Docker gives a network without a subnet the next of 172.18.0.0/16, 172.19.0.0/16, … */
const FIRST_POOL = 18;

/** The networks of a file, `default` among them where a service needs it: it exists without being declared. */
export function composeNetworks(compose: JsonMap, context: NetworkContext): readonly ComposeNetwork[] {
  const declared = mapValue(compose['networks']);
  const needsDefault = context.services.some((one) => joinedNetworks(one).some(({ key }) => key === 'default'));
  const keys = [...(needsDefault && !('default' in declared) ? ['default'] : []), ...Object.keys(declared)];
  const used = keys
    .flatMap((key) => subnetConfigs(mapValue(declared[key])))
    .flatMap(({ subnet }) => textValues(subnet));
  let next = FIRST_POOL;
  const nextSubnet = (): string => {
    while (used.some((subnet) => subnet.startsWith(`172.${next}.`))) next++;
    return `172.${next++}.0.0/16`;
  };
  return keys.map((key) => composeNetwork(key, mapValue(declared[key]), { ...context, nextSubnet }));
}

function composeNetwork(
  key: string,
  network: JsonMap,
  { project, unknown, nextSubnet }: NetworkContext & { readonly nextSubnet: () => string },
): ComposeNetwork {
  const what = `network ${key}`;
  unknown.push(...unsupportedKeys(what, network, KNOWN));
  const driver = textValue(network['driver']) ?? 'bridge';
  if (driver !== 'bridge') unknown.push(`${what}: driver ${driver}; it becomes a bridge`);
  const options = mapValue(network['driver_opts']);
  for (const name of Object.keys(options).filter((one) => !Object.values<string>(OPTIONS).includes(one)))
    unknown.push(`${what}: driver_opts ${name}: ${textValue(options[name]) ?? ''}`);
  const configs = subnetConfigs(network);
  for (const config of configs) unknown.push(...unsupportedKeys(what, config, ['subnet', 'gateway']));
  if (network['enable_ipv6'] === true && !configs.some(({ subnet }) => textValue(subnet)?.includes(':')))
    unknown.push(`${what}: enable_ipv6, for which the file names no subnet`);
  const all = configs.length > 0 ? configs : [{ subnet: nextSubnet() }];
  const isInternal = network['internal'] === true;
  const mtu = Number(textValue(options[OPTIONS.mtu]));
  const value = omitEmpty({
    subnet: oneOrList(all.flatMap(({ subnet }) => textValues(subnet))),
    address: oneOrList(
      all.flatMap((config: JsonMap) => textValue(config['gateway']) ?? firstHost(textValue(config['subnet']) ?? '')),
    ),
    gateway: isInternal ? 'none' : null,
    mtu: Number.isInteger(mtu) && mtu > 0 ? mtu : null,
  });
  const isMasqueraded =
    !isInternal && textValue(options[OPTIONS.masquerade]) !== 'false' && options[OPTIONS.masquerade] !== false;
  return {
    key,
    bridge: bridgeName(key, project, textValue(options[OPTIONS.bridge])),
    value,
    isInternal,
    isMasqueraded,
  };
}

/** `default` is a reserved name; Docker itself puts that of the project before it. */
const bridgeName = (key: string, project: string, written: string | null): string =>
  sanitizeName(written ?? (key === 'default' ? `${project}-default` : key));

const subnetConfigs = (network: JsonMap): readonly JsonMap[] =>
  listValue(mapValue(network['ipam'])['config'])
    .map(mapValue)
    .filter((one) => 'subnet' in one);
