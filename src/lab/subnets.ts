import { problem } from '../model/diagnostic.ts';
import { atValue } from '../model/place.ts';
import type { Bridge, NamedSubnet } from '../model/topology.ts';
import { familyOf, parseAddress } from '../net/address.ts';
import { formatPrefix, networkOf, type Prefix, parsePrefix } from '../net/prefix.ts';
import { meantHint } from './words.ts';
import type { Link, Source, Subnet } from './world.ts';

/** The subnets written at a bridge, each name under `subnets` as its prefixes. */
export function subnetsOfBridge(link: Link, { topology, report }: Source): readonly Subnet[] {
  const bridge = link.bridge;
  if (!bridge) return [];
  return bridge.subnets.flatMap(({ value, at }) => {
    const gatewayOf = (prefix: Prefix) => gatewaysFor(prefix, bridge);
    if ('prefix' in value) {
      const prefix = networkFrom(value.prefix);
      const pool = `${link.netns}/${link.label}/${value.prefix}`;
      return prefix ? [{ prefix, text: formatPrefix(prefix), pool, gateway: gatewayOf(prefix), bridge: link, at }] : [];
    }
    const named = topology.subnets.find((subnet) => subnet.name === value.name);
    if (!named) {
      const names = topology.subnets.map((subnet) => subnet.name);
      const hint = meantHint(value.name, names, 'entries under `subnets`');
      report(problem('unknown-subnet', atValue(at), `no subnet is called ${value.name}`, { hint }));
      return [];
    }
    return prefixesOf(named).map(({ prefix, at }) => {
      const own = gatewayOf(prefix);
      const gateway = own.length > 0 ? own : gatewaysFor(prefix, named);
      return {
        prefix,
        text: formatPrefix(prefix),
        pool: `${named.name}/${formatPrefix(prefix)}`,
        gateway,
        bridge: link,
        at,
      };
    });
  });
}

/** What is known of a LAN that has no subnet of a family: the networks of the addresses that are written with a length. */
export function writtenSubnets(links: readonly Link[], declared: readonly Subnet[]): readonly Subnet[] {
  const declaredFamilies = new Set(declared.map(({ prefix }) => prefix.family));
  const found = new Map<string, Subnet>();
  for (const link of links) {
    for (const { address, length, at } of link.written) {
      const parsed = parseAddress(address);
      if (length === null || !parsed || declaredFamilies.has(parsed.family)) continue;
      const prefix = networkOf({ ...parsed, length });
      const text = formatPrefix(prefix);
      const gateway = link.bridge ? gatewaysFor(prefix, link.bridge) : [];
      const known = found.get(text);
      if (!known || (gateway.length > 0 && known.gateway.length === 0))
        found.set(text, { prefix, text, pool: null, gateway, bridge: null, at });
    }
  }
  return [...found.values()];
}

/** A network from text that the source has checked; null when it is none after all. */
export function networkFrom(text: string): Prefix | null {
  const prefix = parsePrefix(text);
  return prefix && networkOf(prefix);
}

export function prefixesOf(named: NamedSubnet): readonly { readonly prefix: Prefix; readonly at: Subnet['at'] }[] {
  return named.cidrs.flatMap(({ value, at }) => {
    const prefix = networkFrom(value);
    return prefix ? [{ prefix, at }] : [];
  });
}

/** The entries of `gateway` that can be meant for a prefix: names, `none`, and addresses of its family. */
function gatewaysFor(prefix: Prefix, { gateway }: Bridge | NamedSubnet): Subnet['gateway'] {
  return gateway.filter(({ value }) => !('address' in value) || familyOf(value.address) === prefix.family);
}
