import type { Json } from '../../model/json.ts';
import type { WireguardPeer } from '../../model/kernel/wireguard.ts';
import { bracketIpv6 } from '../../net/address.ts';
import type { ImportEndpoint, ImportModel } from '../model.ts';
import { netnsDisplayName } from '../model.ts';
import { type JsonMap, omitEmpty, oneOrList } from '../result.ts';

/** The port and the peers of a WireGuard device, as a topology writes them; nothing of other links. Keys are left out, and that is said. */
export function importWireguard(found: ImportModel, { netns, link }: ImportEndpoint): JsonMap {
  const device = found.inventory.live.get({ need: 'wireguard-links', netns })?.get(link.name);
  if (!device) return {};
  const { privateKey, listenPort, fwmark, peers } = device;
  const place = `link ${link.name} of ${netnsDisplayName(netns)}`;
  if (privateKey !== null) found.leaveOut(`${place}: its private key, which it keeps when it is adopted`);
  for (const { publicKey, presharedKey } of peers)
    if (presharedKey !== null) found.leaveOut(`${place}: the preshared key with ${publicKey}, which needs a file`);
  return omitEmpty({
    listenPort: listenPort === 0 ? null : listenPort,
    fwmark: fwmark === 0 ? null : fwmark,
    peers: peers.map(peerWords),
  });
}

const peerWords = ({ publicKey, endpoint, allowedIps, keepalive }: WireguardPeer): Json =>
  omitEmpty({
    publicKey,
    endpoint: endpoint === null ? null : `${bracketIpv6(endpoint.address)}:${endpoint.port}`,
    allowedIPs: oneOrList(allowedIps),
    keepalive: keepalive === 0 ? null : `${keepalive}s`,
  });
