import type { Json } from '../../../model/json.ts';
import { appendTo } from '../../../model/values/group-by.ts';
import { NO_PROGRAMS, runNote } from '../../programs/container-programs.ts';
import { type ImportResult, type JsonMap, omitEmpty, oneOrList } from '../../result.ts';
import { mapEntries, mapValue, textValue, unsupportedKeys } from '../../yaml-values.ts';
import type { FileImportContext, FileImporter, VariableLookup } from '../file-importer.ts';
import { interpolateCompose, type UnsetVariable } from './interpolate.ts';
import { composeNetworks } from './networks.ts';
import { servicePrograms } from './programs.ts';
import { serviceAliases } from './service-names.ts';
import {
  type ComposeService,
  composeNamespace,
  namespaceOwner,
  serviceNamespace,
  toComposeService,
} from './services.ts';

const SERVICE = ['networks', 'ports', 'extra_hosts', 'dns', 'dns_search', 'dns_opt', 'sysctls', 'network_mode'].concat([
  ...['hostname', 'container_name', 'links', 'expose', 'mac_address', 'labels'],
]);

const RUNNING = ['entrypoint', 'command', 'volumes'];

/** Docker Compose: services become namespaces, networks become bridges with NAT. */
export const composeImporter: FileImporter = {
  name: 'compose',
  title: 'Docker Compose',
  section: 'services',
  summary: 'Convert a Docker Compose file into a topology.',
  description:
    'Services become namespaces, networks become bridges with their subnets and NAT, ports become port forwards, aliases and extra_hosts become names, commands that are servers by what they say become run, and files that are bound into services become files. Variables come from the environment, and from the .env file beside it or the files of --env-file. Reads these files only. What a topology cannot express, such as the images of the services, is listed in a comment and on standard error.',
  example: { file: 'compose.yaml', out: 'shop.yaml' },
  hasVariables: true,
  convert: importCompose,
};

function importCompose(file: Json, { lab: name, lookup, fileAt }: FileImportContext): ImportResult {
  const unknown: string[] = [];
  const compose = filledIn(mapValue(file), lookup, unknown);
  const services = mapEntries(compose['services']).map(toComposeService);
  const networks = composeNetworks(compose, { project: name, services: services.map(({ value }) => value), unknown });
  const owners = new Map(services.map((service) => [service, namespaceOwner(service, services)]));
  const sharersOf = (owner: ComposeService) => services.filter((one) => one !== owner && owners.get(one) === owner);
  const running = new Map(services.map((service) => [service, servicePrograms(service.value, fileAt)]));
  const namespaces = services.flatMap((service) => {
    const { known, leftOut } = running.get(service) ?? NO_PROGRAMS;
    unknown.push(...unsupportedKeys(`service ${service.key}`, service.value, [...SERVICE, ...known]));
    unknown.push(...leftOut.map((line) => `service ${service.key}: ${line}`));
    const owner = owners.get(service);
    if (!owner)
      unknown.push(
        `service ${service.key}: network_mode ${textValue(service.value['network_mode'])}, so it is left out`,
      );
    if (owner !== service) return [];
    const sharers = sharersOf(service);
    const programs = [service, ...sharers].flatMap((one) => running.get(one) ?? []);
    const value = composeNamespace(service, { networks, sharers, programs, unknown });
    return [[serviceNamespace(service), value] as const];
  });
  unknown.push(...unsupportedKeys('the file', compose, ['version', 'name', 'services', 'networks']));
  const document = {
    version: 1,
    name,
    ...omitEmpty({
      bridges: Object.fromEntries(networks.map(({ bridge, value }) => [bridge, value])),
      namespaces: Object.fromEntries(namespaces),
      nat: networks.filter(({ isMasqueraded }) => isMasqueraded).map(({ bridge }) => ({ masquerade: bridge })),
      dns: omitEmpty({ hosts: aliasHosts(services, owners) }),
    }),
  };
  const comments = services
    .filter((one) => sharersOf(one).length > 0)
    .map((owner) => ({
      at: ['namespaces', serviceNamespace(owner)],
      text: `Also the network namespace of ${sharersOf(owner)
        .map(({ key }) => key)
        .join(', ')}.`,
    }));
  return { document, head: runNote(namespaces.map(([, value]) => value)), comments, unknown: [], leftOut: unknown };
}

/** Names besides those of the namespaces, each with the namespaces that it stands for. */
function aliasHosts(
  services: readonly ComposeService[],
  owners: ReadonlyMap<ComposeService, ComposeService | null>,
): JsonMap {
  const hosts = new Map<string, string[]>();
  for (const service of services) {
    const owner = owners.get(service);
    if (!owner) continue;
    const namespace = serviceNamespace(owner);
    const names = [...(owner === service ? [] : [service.key]), ...serviceAliases(service.value)];
    for (const alias of new Set(names.filter((one) => one !== namespace))) appendTo(hosts, alias, namespace);
  }
  return Object.fromEntries([...hosts].map(([alias, to]) => [alias, oneOrList(to)]));
}

/** The file with the variables of its networks, and of what an import reads of its services, filled in. */
function filledIn(compose: JsonMap, lookup: VariableLookup, unknown: string[]): JsonMap {
  const fill = (what: string, value: Json): Json => {
    const { value: filled = {}, unset } = interpolateCompose(value, lookup);
    unknown.push(...unset.map((one) => `${what}: ${unsetText(one)}`));
    return filled;
  };
  const services = mapEntries(compose['services']).map(([key, service]) => {
    const entries = mapEntries(service);
    const read = Object.fromEntries(entries.filter(([one]) => SERVICE.includes(one)));
    const rest = Object.fromEntries(
      entries
        .filter(([one]) => !SERVICE.includes(one))
        .map(([one, value]) => {
          const { value: filled, unset } = interpolateCompose(value, lookup);
          // A program is taken over as a whole or not at all.
          return [one, RUNNING.includes(one) && unset.length === 0 ? (filled ?? value) : value];
        }),
    );
    return [key, { ...rest, ...mapValue(fill(`service ${key}`, read)) }] as const;
  });
  return {
    ...compose,
    ...('services' in compose ? { services: Object.fromEntries(services) } : {}),
    ...('networks' in compose ? { networks: fill('networks', compose['networks'] ?? {}) } : {}),
  };
}

const unsetText = ({ path, variable }: UnsetVariable): string =>
  `${path.join('.')}, which needs the variable ${variable}: set it, or name its file with --env-file`;
