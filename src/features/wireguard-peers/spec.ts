import type { WireguardPeer } from '../../model/kernel/wireguard.ts';
import { bracketIpv6 } from '../../net/address.ts';

/** What a WireGuard link has beside the link. Keys are digests; public keys are what they are. */
export type WireguardSpec = {
  readonly netns: string;
  readonly name: string;
  /** The socket of the program that makes the link; null: the kernel does. */
  readonly socket: string | null;
  /** Null: none. */
  readonly key: string | null;
  /** 0: any. */
  readonly listenPort: number;
  readonly fwmark: number;
  /** By public key. */
  readonly peers: { readonly [publicKey: string]: WireguardPeerSpec };
};

export type WireguardPeerSpec = {
  /** How a person calls it; empty where the file does not know it. */
  readonly name: string;
  readonly presharedKey: string | null;
  /** `192.168.50.2:51820`. */
  readonly endpoint: string | null;
  /** The addresses from which it may call, apart from that; null: it is not of this lab. */
  readonly from: readonly string[] | null;
  readonly keepalive: number;
  readonly allowedIps: readonly string[];
};

/** `10.0.0.2:51820`, `[fd00::2]:51820`. */
export const endpointText = (endpoint: WireguardPeer['endpoint']): string | null =>
  endpoint === null ? null : `${bracketIpv6(endpoint.address)}:${endpoint.port}`;

/** The endpoint that `endpointText` has written. */
export function parseEndpoint(text: string | null): WireguardPeer['endpoint'] {
  if (text === null) return null;
  const at = text.lastIndexOf(':');
  return { address: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}
