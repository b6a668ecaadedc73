import { type JsonMap, omitEmpty } from '../../result.ts';
import { mapEntries, sanitizeName, textValues } from '../../yaml-values.ts';
import { joinedNetworks } from './joined-networks.ts';

/** Names by which others know a service besides its own. */
export const serviceAliases = (service: JsonMap): readonly string[] => [
  ...new Set([
    ...joinedNetworks(service).flatMap(({ options }) => textValues(options['aliases'])),
    ...textValues(service['container_name']),
    ...textValues(service['hostname']),
  ]),
];

/** The `dns` block of a service: its resolver, `extra_hosts` and `links`. */
export function serviceDns(service: JsonMap): JsonMap {
  const links = textValues(service['links']).flatMap((link) => {
    const [to = '', alias] = link.split(':');
    return alias === undefined || alias === to ? [] : [[alias, sanitizeName(to)] as const];
  });
  return omitEmpty({
    nameservers: textValues(service['dns']),
    search: textValues(service['dns_search']),
    options: textValues(service['dns_opt']),
    hosts: Object.fromEntries([...extraHosts(service), ...links]),
  });
}

/** `extra_hosts`: a map, or lines `name=address` and `name:address`, which may stand beside each other. */
function extraHosts(service: JsonMap): readonly (readonly [string, string])[] {
  const written = service['extra_hosts'];
  const pairs = Array.isArray(written)
    ? textValues(written).flatMap((line) => {
        const [, name, address] = /^([^=:]+)[=:](.+)$/.exec(line) ?? [];
        return name === undefined || address === undefined ? [] : [[name.trim(), address.trim()] as const];
      })
    : mapEntries(written).flatMap(([name, value]) => textValues(value).map((address) => [name, address] as const));
  return pairs.map(([name, address]) => [name, address === 'host-gateway' ? 'host' : address.replace(/^\[|\]$/g, '')]);
}
