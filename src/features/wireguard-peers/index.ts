import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { wireguardKey } from './checks/wireguard-key.ts';
import { wireguardPeersCheck } from './checks/wireguard-peers.ts';
import { wireguardGrants } from './grants.ts';
import { wireguardDevice } from './kind.ts';
import { readWireguardLinks } from './read.ts';
import { resolveWireguard, wireguardQuery } from './resolve.ts';

/** What is behind links of the kind `wireguard`: keys, a port, peers, routes, and the program where the kernel has none. */
export const wireguardPeers = defineFeature({
  name: 'wireguard-peers',
  rank: 60,
  schema: { topology: {}, namespace: {} },
  otherTools: {
    wg: ['wireguard'],
    allowedaddress: ['allowedIPs'],
    persistentkeepalive: ['keepalive'],
    pubkey: ['publicKey'],
    psk: ['presharedKey'],
  },
  read: { netns: ({ own }, report) => readWireguardLinks(childCursor(own, 'interfaces'), report) },
  asks: wireguardQuery,
  grants: wireguardGrants,
  resolve: resolveWireguard,
  kinds: [wireguardDevice],
  checks: [wireguardPeersCheck],
  machineChecks: [wireguardKey],
  docs: [],
});
