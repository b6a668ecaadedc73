import { foreignLinkOwner } from '../../kinds/links/link-attributes.ts';
import { absentObservation, foreignObservation } from '../../kinds/observation.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { WireguardPeer } from '../../model/kernel/wireguard.ts';
import type { KindContext } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { sha256Latin1 } from '../../model/values/hash.ts';
import { sharedKeyContent } from './keys.ts';
import { endpointText, parseEndpoint, type WireguardPeerSpec, type WireguardSpec } from './spec.ts';

/**
 * What a device has. An endpoint from which a peer called is as good as the one that the file says, and so is the port
 * that the kernel chose where the file says none.
 */
export function observePeers(
  live: LiveState,
  { netns, spec: wanted }: Resource<WireguardSpec>,
  context: KindContext<WireguardSpec>,
): Observation<WireguardSpec> {
  const { name, socket } = wanted;
  const link = live.get({ need: 'namespace', netns })?.links.get(name);
  const device = live.get({ need: 'wireguard', netns, key: socket ?? name });
  if (!link || device === null || (device.privateKey === null && device.peers.length === 0)) return absentObservation;
  const whose = socket === null ? foreignLinkOwner(context, link, '') : null;
  const contents: string[] = [];
  const digest = (key: string | null): string | null => {
    if (key === null) return null;
    const content = sharedKeyContent(key);
    contents.push(content);
    return sha256Latin1(content);
  };
  const peerSpec = (peer: WireguardPeer): WireguardPeerSpec => {
    const known = wanted.peers[peer.publicKey];
    return {
      name: known?.name ?? context.recorded?.spec.peers[peer.publicKey]?.name ?? '',
      presharedKey: digest(peer.presharedKey),
      endpoint: known && whose === null && isLearned(peer, known) ? known.endpoint : endpointText(peer.endpoint),
      from: known?.from ?? context.recorded?.spec.peers[peer.publicKey]?.from ?? null,
      keepalive: peer.keepalive,
      allowedIps: [...peer.allowedIps].sort(),
    };
  };
  const spec: WireguardSpec = {
    ...{ netns, name, socket },
    key: digest(device.privateKey),
    listenPort: wanted.listenPort === 0 && whose === null ? 0 : device.listenPort,
    fwmark: device.fwmark,
    peers: Object.fromEntries(device.peers.map((peer) => [peer.publicKey, peerSpec(peer)])),
  };
  if (whose !== null) return { ...foreignObservation(spec, whose), blobs: contents };
  return { spec, owner: 'ours', whose: null, blobs: contents };
}

/** Whether a device has an endpoint because the peer called from there: a link of the lab does so from its addresses, by its port. */
function isLearned({ endpoint, lastHandshake }: WireguardPeer, known: WireguardPeerSpec): boolean {
  const wanted = parseEndpoint(known.endpoint);
  if (wanted === null) return true;
  if (known.from === null) return lastHandshake !== undefined;
  return endpoint !== null && endpoint.port === wanted.port && known.from.includes(endpoint.address);
}
