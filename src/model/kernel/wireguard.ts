/** What a WireGuard device has. Keys are in base64, as `wg` writes them. */
export type WireguardDevice = {
  /** Null: none yet. */
  readonly privateKey: string | null;
  /** 0: the kernel's choice. */
  readonly listenPort: number;
  /** The mark of its own packets; 0: none. */
  readonly fwmark: number;
  readonly peers: readonly WireguardPeer[];
};

export type WireguardPeer = {
  readonly publicKey: string;
  readonly presharedKey: string | null;
  /** Where it is reached; null: it calls. */
  readonly endpoint: { readonly address: string; readonly port: number } | null;
  /** Seconds between packets that keep the way open; 0: none. */
  readonly keepalive: number;
  /** Prefixes in canonical text: what it may send, and what is sent to it. */
  readonly allowedIps: readonly string[];
  /** Of one that was read: when both ends agreed on keys last, in seconds since 1970. Left out: never. */
  readonly lastHandshake?: number;
};

/** What a device is to have: its own values, peers as they are said, and which others go. */
export type WireguardChange = WireguardDevice & {
  /** Peers that go, by public key; `others`: all that are not among `peers`. */
  readonly gone: 'others' | readonly string[];
};
