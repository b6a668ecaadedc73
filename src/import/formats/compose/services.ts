import type { Json } from '../../../model/json.ts';
import type { ContainerPrograms } from '../../programs/container-programs.ts';
import { runEntries } from '../../programs/imported-program.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../../result.ts';
import {
  keyValuePairs,
  listValue,
  mapValue,
  sanitizeName,
  textValue,
  textValues,
  unsupportedKeys,
} from '../../yaml-values.ts';
import { gatewayNetwork, joinedNetworks } from './joined-networks.ts';
import type { ComposeNetwork } from './networks.ts';
import { publishedPort } from './published-ports.ts';
import { serviceDns } from './service-names.ts';

export type ComposeService = { readonly key: string; readonly value: JsonMap };

type ServiceContext = {
  readonly networks: readonly ComposeNetwork[];
  /** Those that share the network namespace of this one. */
  readonly sharers: readonly ComposeService[];
  /** What all of them run, and the files that they see. */
  readonly programs: readonly ContainerPrograms[];
  /** Takes what is left out. */
  readonly unknown: string[];
};

const JOINED = ['ipv4_address', 'ipv6_address', 'mac_address', 'aliases', 'gw_priority'];

/** A service, with those that share its network namespace, as a namespace. */
export function composeNamespace({ key, value }: ComposeService, context: ServiceContext): JsonMap {
  const publish = [{ key, value }, ...context.sharers].flatMap((one) => publishedPorts(one, context.unknown));
  return omitEmpty({
    interfaces: Object.fromEntries(serviceInterfaces(key, value, context)),
    sysctls: Object.fromEntries(
      keyValuePairs(value['sysctls'], '=').map(([name, text]) => [name, /^\d+$/.test(text) ? Number(text) : text]),
    ),
    publish,
    dns: serviceDns(value),
    run: runEntries(context.programs.flatMap(({ programs }) => programs)),
    files: Object.assign({}, ...context.programs.map(({ files }) => files)),
  });
}

function serviceInterfaces(
  key: string,
  service: JsonMap,
  { networks, unknown }: ServiceContext,
): readonly (readonly [string, JsonMap])[] {
  const joined = joinedNetworks(service);
  const isOpen = (name: string): boolean => networks.some((one) => one.key === name && !one.isInternal);
  const wayOut = gatewayNetwork(joined, isOpen);
  return joined.flatMap(({ key: name, options }, i) => {
    const network = networks.find((one) => one.key === name);
    if (!network) unknown.push(`service ${key}: network ${name}, which the file does not declare`);
    if (!network) return [];
    unknown.push(...unsupportedKeys(`service ${key} on ${name}`, options, JOINED));
    const addresses = ['ipv4_address', 'ipv6_address'].flatMap((one) => textValues(options[one]));
    const mac = textValue(options['mac_address']) ?? (i === 0 ? textValue(service['mac_address']) : null);
    const gateway = joined.length > 1 && !network.isInternal ? name === wayOut : null;
    return [[`eth${i}`, omitEmpty({ bridge: network.bridge, address: oneOrList(addresses), mac, gateway })] as const];
  });
}

function publishedPorts({ key, value }: ComposeService, unknown: string[]): readonly Json[] {
  return listValue(value['ports']).flatMap((port) => {
    const { publish, lost } = publishedPort(port);
    if (lost !== null) unknown.push(`service ${key}: ${lost}`);
    return publish === null ? [] : [publish];
  });
}

/**
 * The service whose network namespace a service shares (`network_mode: service:NAME`, or `container:NAME` of a container
 * that the file names); itself when it has its own; null: it has none that the topology can have.
 */
export function namespaceOwner(service: ComposeService, services: readonly ComposeService[]): ComposeService | null {
  const seen = new Set<string>();
  let owner: ComposeService | undefined = service;
  while (owner && !seen.has(owner.key)) {
    seen.add(owner.key);
    const mode = textValue(owner.value['network_mode']);
    if (mode === null || mode === 'none' || mode === 'bridge') return owner;
    const [, by, name] = /^(service|container):(.+)$/.exec(mode) ?? [];
    owner = services.find(({ key, value }) =>
      by === 'service' ? key === name : by === 'container' && textValue(value['container_name']) === name,
    );
  }
  return null;
}

/** The name of the namespace of a service. */
export const serviceNamespace = ({ key }: ComposeService): string => sanitizeName(key);

/** A service by its key and its value. */
export const toComposeService = ([key, value]: readonly [string, Json]): ComposeService => ({
  key,
  value: mapValue(value),
});
