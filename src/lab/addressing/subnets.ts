import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyBridge, TopologySubnet } from '../../model/topology.ts';
import { addressBits, familyOf, parseAddress } from '../../net/address.ts';
import { formatPrefix, hostRange, networkPrefix, type Prefix, parsePrefix } from '../../net/prefix.ts';
import { didYouMeanHint } from '../messages.ts';
import type { LabModelInput, ModelLink, SegmentSubnet } from '../model.ts';

/** The subnets written at a bridge, each name under `subnets` as its prefixes. */
export function bridgeSubnets(link: ModelLink, { topology, report }: LabModelInput): readonly SegmentSubnet[] {
  const bridge = link.bridge;
  if (!bridge) return [];
  return bridge.subnets.flatMap(({ value, at }) => {
    const gatewayOf = (prefix: Prefix) => gatewaysOfFamily(prefix, bridge);
    if ('prefix' in value) {
      const prefix = parseNetwork(value.prefix);
      const pool = `${link.netns}/${link.label}/${value.prefix}`;
      return prefix ? [{ prefix, text: formatPrefix(prefix), pool, gateway: gatewayOf(prefix), bridge: link, at }] : [];
    }
    const named = topology.subnets.find((subnet) => subnet.name === value.name);
    if (!named) {
      const names = topology.subnets.map((subnet) => subnet.name);
      const hint = didYouMeanHint(value.name, names, 'entries under `subnets`');
      report(makeDiagnostic('unknown-subnet', atValue(at), `there is no subnet ${value.name}`, { hint }));
      return [];
    }
    return namedSubnetPrefixes(named).map(({ prefix: share, at }, i) => {
      const whole = parseNetwork(named.within?.[i] ?? '');
      const prefix = whole ?? share;
      const own = gatewayOf(prefix);
      const gateway = own.length > 0 ? own : gatewaysOfFamily(prefix, named);
      const text = formatPrefix(prefix);
      const pool = `${named.name}/${formatPrefix(share)}`;
      const range = whole && shareRange(share, { whole, bridge, at });
      return { ...{ prefix, text, pool, gateway, bridge: link, at }, ...(range ? { range } : {}) };
    });
  });
}

/** The part of a network that is given out at a bridge; its first address is the bridge's, where it asks for it. */
function shareRange(
  share: Prefix,
  { whole, bridge, at }: { readonly whole: Prefix; readonly bridge: TopologyBridge; readonly at: SegmentSubnet['at'] },
): NonNullable<SegmentSubnet['range']> {
  const { first, last } = hostRange(share);
  const taken = new Set(bridge.first === undefined ? [] : [first]);
  return { prefix: whole, text: formatPrefix(whole), first, last, taken, at };
}

/** The networks of a LAN without a subnet of a family, from the addresses that are written with a prefix length. */
export function inferSubnets(
  links: readonly ModelLink[],
  declared: readonly SegmentSubnet[],
): readonly SegmentSubnet[] {
  const declaredFamilies = new Set(declared.map(({ prefix }) => prefix.family));
  const found = new Map<string, SegmentSubnet>();
  for (const link of links) {
    for (const { address, length, peer, at } of link.staticAddresses) {
      const parsed = parseAddress(peer ?? address);
      const isAlone = peer !== undefined && parsed && length === addressBits(parsed.family);
      if (isAlone || length === null || !parsed || declaredFamilies.has(parsed.family)) continue;
      const prefix = networkPrefix({ ...parsed, length });
      const text = formatPrefix(prefix);
      const gateway = link.bridge ? gatewaysOfFamily(prefix, link.bridge) : [];
      const known = found.get(text);
      if (!known || (gateway.length > 0 && known.gateway.length === 0))
        found.set(text, { prefix, text, pool: null, gateway, bridge: null, at });
    }
  }
  return [...found.values()];
}

/** A network from text that the source has checked; null when it is none after all. */
export function parseNetwork(text: string): Prefix | null {
  const prefix = parsePrefix(text);
  return prefix && networkPrefix(prefix);
}

export function namedSubnetPrefixes(
  named: TopologySubnet,
): readonly { readonly prefix: Prefix; readonly at: SegmentSubnet['at'] }[] {
  return named.cidrs.flatMap(({ value, at }) => {
    const prefix = parseNetwork(value);
    return prefix ? [{ prefix, at }] : [];
  });
}

/** The entries of `gateway` that can be meant for a prefix: names, `none`, and addresses of its family. */
function gatewaysOfFamily(prefix: Prefix, { gateway }: TopologyBridge | TopologySubnet): SegmentSubnet['gateway'] {
  return gateway.filter(({ value }) => !('address' in value) || familyOf(value.address) === prefix.family);
}

/** The entry of `unknown-subnet` in docs/checks.md. */
export const unknownSubnetDoc: CheckDoc = {
  name: 'unknown-subnet',
  code: 'NF2004',
  title: 'Unknown subnet',
  explain: 'A bridge or an entry of `nat` names a subnet that is not under `subnets` nor, for `nat`, under `bridges`.',
  bad: `
bridges: { lan: { subnet: pods } }
`,
  good: `
subnets: { pods: 10.244.0.0/16 }
bridges: { lan: { subnet: pods } }
`,
};
