import type { LabModel } from '../../lab/model.ts';
import { claimsOf, type NamedPorts, portsOf } from '../../lab/naming/named-ports.ts';
import { cidrsOf, createAmong, podAddresses, uniquePeers } from '../../lab/selectors/peers.ts';
import type { FirewallMatch } from '../../model/lab-parts/firewall-rule.ts';
import type { PeerNetwork } from '../../model/lab-parts/peer.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { nftProtocols } from './protocols.ts';
import type { TopologyFirewallEntry } from './topology.ts';

/**
 * The ways in which a packet can fit an entry. A port by its name is that of the namespace at the receiving end, each by itself; a
 * name that none there has fits nothing.
 */
export function entryMatches(
  world: LabModel,
  { to, ports, proto }: Pick<TopologyFirewallEntry, 'ports' | 'proto'> & { readonly to: readonly PeerNetwork[] | null },
  named: NamedPorts,
): readonly FirewallMatch[] {
  const protocols = proto && [...new Set(proto.flatMap(({ value }) => nftProtocols(value) ?? []))];
  if (ports === null) return [{ to, ports: null, protocols }];
  const values = ports.map(({ value }) => value);
  const plain = values.flatMap(({ ports: one, protocols: all }) =>
    'name' in one ? [] : all.map((protocol) => ({ protocol, ports: one })),
  );
  const isAmong = createAmong(to);
  const called = values.flatMap((value) => claimsOf(named, value));
  const reached = [...groupBy(called, ({ netns }) => netns)].flatMap(([netns, claims]) => {
    const addresses = cidrsOf(podAddresses(world, netns)).filter(({ cidr }) => isAmong(cidr));
    return addresses.length === 0 ? [] : [{ addresses, ports: portsOf(claims) }];
  });
  return [
    ...(plain.length === 0 ? [] : [{ to, ports: plain, protocols }]),
    ...[...groupBy(reached, ({ ports: one }) => JSON.stringify(one)).values()].map((same) => ({
      to: uniquePeers(same.flatMap(({ addresses }) => addresses)),
      ports: same[0]?.ports ?? [],
      protocols,
    })),
  ];
}

/** The names of ports in an entry that no namespace has. */
export const unknownEntryPorts = (
  { ports }: TopologyFirewallEntry,
  named: NamedPorts,
): readonly TopologyValue<string>[] =>
  (ports ?? []).flatMap(({ value, at }) =>
    'name' in value.ports && claimsOf(named, value).length === 0 ? [{ value: value.ports.name, at }] : [],
  );
