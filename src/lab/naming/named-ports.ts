import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { PeerPorts, TopologyPeerPort } from '../../model/lab-parts/peer.ts';

/** The ports that have names, by name, and whose they are. */
export type NamedPorts = ReadonlyMap<string, readonly { readonly netns: string; readonly claim: LabPortClaim }[]>;

/** The ports that have names, by name. */
export function namedPorts(ports: readonly LabPortClaim[]): NamedPorts {
  const found = new Map<string, { netns: string; claim: LabPortClaim }[]>();
  for (const claim of ports) {
    if (claim.name === undefined) continue;
    const known = found.get(claim.name) ?? [];
    found.set(claim.name, known);
    known.push({ netns: claim.netns, claim });
  }
  return found;
}

/** The ports that a rule means by a name, wherever they are; none of a number. */
export const claimsOf = (named: NamedPorts, { ports, protocols }: TopologyPeerPort) =>
  'name' in ports
    ? (named.get(ports.name) ?? []).filter(({ claim }) => claim.protocols.some((one) => protocols.includes(one)))
    : [];

/** The ports that are claimed. */
export const portsOf = (claims: readonly { readonly claim: LabPortClaim }[]): readonly PeerPorts[] => [
  ...new Map(
    claims.flatMap(({ claim: { protocols, ports } }) =>
      protocols.map((protocol) => [`${protocol} ${ports.first}`, { protocol, ports }] as const),
    ),
  ).values(),
];
