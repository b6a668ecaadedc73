import type { LabModel, ModelLink } from '../../lab/model.ts';
import { addressesOnSharedLan } from '../../lab/naming/resolve-name.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import type { WireguardPeer } from '../../model/kernel/wireguard.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';
import { addressBits } from '../../net/address.ts';
import { closestMatch } from '../../net/closest-match.ts';
import type { OwnWireguard } from './own-wireguard.ts';
import type { KeySource, LabWireguardPeer, TopologyWireguardPeer } from './topology.ts';

type PeersContext = {
  /** Every WireGuard link of the lab. */
  readonly all: readonly OwnWireguard[];
  /** Gives the digest of a key that is shared with the peer of a public key. */
  readonly shared: (source: KeySource, publicKey: string, at: Path) => string;
};

/** The peers of a link. What cannot be resolved is reported and left out. */
export function resolvePeers(
  world: LabModel,
  own: OwnWireguard,
  { all, shared }: PeersContext,
): readonly LabWireguardPeer[] {
  const byKey = new Map<string, TopologyWireguardPeer>();
  return own.written.peers.flatMap((written): LabWireguardPeer[] => {
    const { who, at, keepalive, presharedKey } = written;
    const other = 'to' in who ? findOther(world, own, { ref: who.to, all }) : null;
    if ('to' in who && other === null) return [];
    const publicKey = 'publicKey' in who ? who.publicKey.value : (other?.publicKey ?? '');
    const first = byKey.get(publicKey);
    const name = other ? linkText(other.link) : publicKey;
    if (publicKey === own.publicKey || first) {
      const message = first ? `the peer ${name} is there twice` : `the peer ${name} is this link itself`;
      report(world, atValue(at), message, { hint: 'write each of the other ends once', first: first?.at });
      return [];
    }
    byKey.set(publicKey, written);
    const allowedIps = written.allowedIPs?.map(({ value }) => value) ?? (other ? hostPrefixes(world, other.link) : []);
    if (allowedIps.length === 0) {
      const message = `nothing may come from ${name}, and nothing is sent to it`;
      const hint = other ? `give ${name} an address, or write allowedIPs` : 'write allowedIPs';
      report(world, atValue(at), message, { hint });
    }
    const from = other && (world.addressesByNetns.get(other.link.netns) ?? []).map(({ address }) => address);
    const endpoint = written.endpoint?.value ?? (other ? knownEndpoint(world, own.link, other) : null);
    const psk = presharedKey === null ? null : shared(presharedKey.value, publicKey, presharedKey.at);
    return [
      {
        name,
        publicKey,
        presharedKey: psk,
        at,
        from,
        endpoint,
        keepalive,
        allowedIps: [...new Set(allowedIps)].sort(),
      },
    ];
  });
}

/** How a person calls a link. */
export const linkText = ({ netns, label }: Pick<ModelLink, 'netns' | 'label'>): string => `${netns}:${label}`;

type OtherQuestion = { readonly ref: TopologyValue<TopologyRef>; readonly all: readonly OwnWireguard[] };

/** The WireGuard link that a peer names: a namespace alone stands for its only one. */
function findOther(world: LabModel, own: OwnWireguard, { ref, all }: OtherQuestion): OwnWireguard | null {
  const { name, part } = ref.value;
  const devices = world.wiring.devices.get(name);
  const fail = (check: 'unknown-namespace' | 'wireguard-peers', message: string, hint: string): null => {
    world.report(makeDiagnostic(check, atValue(ref.at), message, { hint }));
    return null;
  };
  const names = all.filter(({ link }) => link !== own.link).map(({ link }) => linkText(link));
  const written = part === null ? name : `${name}:${part}`;
  const near = closestMatch(written, names) ?? names[0];
  const hint = near === undefined ? 'give it one: { wireguard: { peers: […] } }' : `write "${near}"`;
  if (!devices) return fail('unknown-namespace', `there is no namespace ${name}`, hint);
  const those = all.filter(({ link }) => link.netns === name && (part === null || link.label === part));
  const [only, second] = those;
  if (only && !second) return only;
  const message =
    part === null
      ? `${name} has ${only ? 'several WireGuard links' : 'no WireGuard link'}`
      : `${written} is ${devices.has(part) ? 'not a WireGuard link' : 'not an interface'}`;
  return world.wiring.broken.has(name) ? null : fail('wireguard-peers', message, hint);
}

const hostPrefixes = (world: LabModel, link: ModelLink): readonly string[] =>
  (world.addressesByLink.get(link) ?? []).map(({ address, prefix }) => `${address}/${addressBits(prefix.family)}`);

/** The address of the other end on a LAN of both, outside the tunnel, and its port; null: nowhere, so it has to call. */
function knownEndpoint(world: LabModel, link: ModelLink, other: OwnWireguard): WireguardPeer['endpoint'] {
  const port = other.written.listenPort?.value;
  if (port === undefined) return null;
  const inside = world.segmentByLink.get(link);
  const theirs = world.addressesByNetns.get(other.link.netns) ?? [];
  const [near] = addressesOnSharedLan(world, link.netns, theirs).filter(
    ({ segment, link: at }) => segment !== inside && at.own?.kind !== 'wireguard',
  );
  return near ? { address: near.address, port } : null;
}

function report(
  world: LabModel,
  at: SourceLocation,
  message: string,
  { hint, first }: { readonly hint: string; readonly first?: Path | undefined },
): void {
  const related = first ? [{ at: atKey(first), message: 'the first time here' }] : [];
  world.report(makeDiagnostic('wireguard-peers', at, message, { hint, related }));
}
