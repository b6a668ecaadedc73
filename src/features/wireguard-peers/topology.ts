import type { Path } from '../../model/diagnostics/source-location.ts';
import type { WireguardPeer } from '../../model/kernel/wireguard.ts';
import type { Lab } from '../../model/lab.ts';
import type { TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** Where a key is: a file, by the path that is written, or a credential of systemd. */
export type KeySource = { readonly file: string } | { readonly credential: string };

/** `wireguard` of an interface. */
export type TopologyWireguard = {
  readonly dev: string;
  readonly at: Path;
  /** Null: any. */
  readonly listenPort: TopologyValue<number> | null;
  /** Null: one that is made here. */
  readonly privateKey: TopologyValue<KeySource> | null;
  readonly fwmark: number;
  readonly peers: readonly TopologyWireguardPeer[];
};

/** One of `peers`: a link of the lab, or a public key. */
export type TopologyWireguardPeer = {
  readonly at: Path;
  readonly who: { readonly to: TopologyValue<TopologyRef> } | { readonly publicKey: TopologyValue<string> };
  readonly endpoint: TopologyValue<NonNullable<WireguardPeer['endpoint']>> | null;
  /** Canonical; null: not written. */
  readonly allowedIPs: readonly TopologyValue<string>[] | null;
  /** Seconds; 0: never. */
  readonly keepalive: number;
  readonly presharedKey: TopologyValue<KeySource> | null;
};

/** What a WireGuard link of the lab is to have. Keys are digests of what the register `secrets` holds. */
export type LabWireguard = {
  readonly netns: string;
  readonly dev: string;
  /** The socket of the program that makes it; null: the kernel does. */
  readonly socket: string | null;
  readonly key: string;
  readonly publicKey: string;
  /** The key was made here: another one would do as well. */
  readonly isMade: boolean;
  /** 0: any. */
  readonly listenPort: number;
  readonly fwmark: number;
  readonly peers: readonly LabWireguardPeer[];
  /** The files that keys come from. */
  readonly sources: readonly LabKeySource[];
  readonly at: Path;
};

export type LabWireguardPeer = Omit<WireguardPeer, 'presharedKey' | 'lastHandshake'> & {
  /** How a person calls it. */
  readonly name: string;
  /** The digest of the key. */
  readonly presharedKey: string | null;
  /** The addresses from which it may call: those of its namespace. Null: it is not of this lab. */
  readonly from: readonly string[] | null;
  readonly at: Path;
};

/** A file with a key that the topology names. `path` null: there is no folder of credentials. */
export type LabKeySource = { readonly written: KeySource; readonly path: string | null; readonly at: Path };

/** What is written at the interfaces of a namespace, or of the host. */
export const writtenWireguard = featureValueOf<TopologyNetns, readonly TopologyWireguard[]>('wireguard-peers', []);

/** The WireGuard links of a lab. */
export const labWireguard = featureValueOf<Lab, readonly LabWireguard[]>('wireguard-peers', []);
