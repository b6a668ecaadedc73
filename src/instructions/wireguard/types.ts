import type { WireguardPeer } from '../../model/kernel/wireguard.ts';

/** What a WireGuard device has beside its link: its key, its port, its peers. */
export type WireguardInstruction = {
  readonly do: 'wireguard.set';
  readonly netns: string;
  readonly name: string;
  /** The socket of the program in user space that makes the device; null: the kernel does. */
  readonly socket: string | null;
  /** Null: none. */
  readonly key: WireguardSecret | null;
  readonly listenPort: number;
  readonly fwmark: number;
  /** Peers that are there as said. */
  readonly peers: readonly (Omit<WireguardPeer, 'presharedKey'> & { readonly presharedKey: WireguardSecret | null })[];
  /** Peers that go, by public key; `others`: all that are not among `peers`. */
  readonly gone: 'others' | readonly string[];
};

/** A key: the file of the lab that holds it, and its bytes (base64 and a line break, one character each), which are not written down. */
export type WireguardSecret = { readonly path: string; readonly bytes: () => string | null };
