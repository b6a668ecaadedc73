import type { WireguardChange, WireguardDevice, WireguardPeer } from '../../../../model/kernel/wireguard.ts';
import { KEY_BYTES } from './attributes.ts';

/**
 * The operation `set` of WireGuard's protocol for programs in user space (its specification: wireguard.com/xplatform), which gives
 * a device what it has to have. Keys are in hex.
 */
export const encodeUapiSet = ({ privateKey, listenPort, fwmark, peers, gone }: WireguardChange): string =>
  [
    'set=1',
    `private_key=${toHex(privateKey)}`,
    `listen_port=${listenPort}`,
    `fwmark=${fwmark}`,
    ...(gone === 'others'
      ? ['replace_peers=true']
      : gone.flatMap((key) => [`public_key=${toHex(key)}`, 'remove=true'])),
    ...peers.flatMap(peerLines),
    '',
    '',
  ].join('\n');

/** The operation `get`. */
export const UAPI_GET = 'get=1\n\n';

const peerLines = ({ publicKey, presharedKey, endpoint, keepalive, allowedIps }: WireguardPeer): readonly string[] => [
  `public_key=${toHex(publicKey)}`,
  `preshared_key=${toHex(presharedKey)}`,
  ...(endpoint === null ? [] : [`endpoint=${endpointText(endpoint)}`]),
  `persistent_keepalive_interval=${keepalive}`,
  'replace_allowed_ips=true',
  ...allowedIps.map((prefix) => `allowed_ip=${prefix}`),
];

const endpointText = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  `${address.includes(':') ? `[${address}]` : address}:${port}`;

/** The device that the answer to `get=1` describes; the number of an error (`errno`) when it is one. */
export function decodeUapiGet(text: string): WireguardDevice | { readonly errno: number } {
  const device: { -readonly [Key in keyof Omit<WireguardDevice, 'peers'>]: WireguardDevice[Key] } & {
    readonly peers: DraftPeer[];
  } = {
    ...{ privateKey: null, listenPort: 0, fwmark: 0, peers: [] },
  };
  for (const line of text.split('\n')) {
    const [key = '', value = ''] = line.split(/=(.*)/s);
    if (key === 'errno' && value !== '0') return { errno: Number(value) };
    if (key === 'private_key') device.privateKey = fromHex(value);
    else if (key === 'listen_port') device.listenPort = Number(value);
    else if (key === 'fwmark') device.fwmark = Number(value);
    else if (key === 'public_key') device.peers.push(newPeer(value));
    else readPeerLine(device.peers.at(-1), key, value);
  }
  return device;
}

type DraftPeer = { -readonly [Key in keyof WireguardPeer]: WireguardPeer[Key] };

const newPeer = (key: string): DraftPeer => ({
  publicKey: fromHex(key) ?? '',
  ...{ presharedKey: null, endpoint: null, keepalive: 0, allowedIps: [] },
});

function readPeerLine(peer: DraftPeer | undefined, key: string, value: string): void {
  if (peer === undefined) return;
  if (key === 'preshared_key') peer.presharedKey = fromHex(value);
  else if (key === 'persistent_keepalive_interval') peer.keepalive = Number(value);
  else if (key === 'last_handshake_time_sec' && value !== '0') peer.lastHandshake = Number(value);
  else if (key === 'allowed_ip') peer.allowedIps = [...peer.allowedIps, value];
  else if (key === 'endpoint') {
    const [, address = '', port] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(value) ?? [];
    peer.endpoint = { address, port: Number(port) };
  }
}

/** Zeros take a key away. */
const toHex = (key: string | null): string =>
  key === null ? '0'.repeat(KEY_BYTES * 2) : Buffer.from(key, 'base64').toString('hex');

/** Zeros stand for a key that is not there. */
const fromHex = (hex: string): string | null => (/^0*$/.test(hex) ? null : Buffer.from(hex, 'hex').toString('base64'));
