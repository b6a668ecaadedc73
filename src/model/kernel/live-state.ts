import type { RouteValue, RuleValue } from '../instruction.ts';
import type { Spec } from '../json.ts';
import type { VlanRange } from '../lab-parts/vlan-range.ts';
import type { Impairment } from './impairment.ts';
import type { UnknownAttribute, WithUnknown } from './unknown-attribute.ts';

/** The machine itself. */
export type MachineLive = {
  /** Another after each boot. */
  readonly bootId: string;
  /** The machine's own name, as gethostname(2) gives it: with a domain or without. */
  readonly hostname: string;
  /** Whether the kernel has IPv6. */
  readonly ipv6: boolean;
};

/** A namespace as rtnetlink dumps it. */
export type NetnsLive = {
  /** SO_NETNS_COOKIE in decimal: the exact identity within one boot. Null on kernels older than 5.14. */
  readonly cookie: string | null;
  /** The ifalias of `lo`; null when it has none. */
  readonly mark: string | null;
  readonly links: ReadonlyMap<string, LinkLive>;
  readonly addresses: readonly AddressLive[];
  readonly routes: readonly RouteLive[];
  readonly rules: readonly RuleLive[];
};

/** `unknown`: of links of a kind that netform has. */
export type LinkLive = WithUnknown & {
  readonly name: string;
  readonly index: number;
  /** `veth`, `bridge`, …; null for a plain device. */
  readonly kind: string | null;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly carrier: boolean;
  /** The kernel has acted on the carrier: until then a bridge drops what comes to that port, and IPv6 has no routes there. */
  readonly running: boolean;
  readonly group: number;
  readonly alias: string | null;
  readonly master: string | null;
  /** The other end of a veth. `netns` null: in a namespace that was not read. */
  readonly peer: { readonly netns: string | null; readonly name: string | null } | null;
  /** What its kind has; null of a kind that netform does not know, and of a link with a setting that the language lacks. */
  readonly options: Spec | null;
  /** Some options may be the kernel's doing of the moment (`transient` of the kind). */
  readonly changing?: true;
  /** Of bridge ports only. */
  readonly hairpin: boolean | null;
  /** Its other settings as a port, by the words of the language: those that a new port has not, and the cost. Left out: it is none. */
  readonly port?: Spec;
  /** What it has as a port that the language lacks, `isolated 1`; left out: nothing. It is lost when the link leaves its master. */
  readonly unknownOfPort?: readonly UnknownAttribute[];
};

export type AddressLive = WithUnknown & {
  readonly dev: string;
  /** `10.0.0.1/24`. */
  readonly prefix: string;
  /** IFA_PROTO; null where the kernel does not have it. */
  readonly protocol: number | null;
  /** `link` for fe80::/10 and 169.254/16, else `global` or `host`. */
  readonly scope: string;
  readonly tentative: boolean;
  readonly dadFailed: boolean;
  /** The other end of a point-to-point address: the prefix length is of its network. */
  readonly peer?: string;
  /** IFA_LABEL of an IPv4 address: the name of its link, unless another was given. */
  readonly label?: string;
  readonly broadcast?: string;
};

/** `dev` of a hop is null when the link no longer exists; `metric` as the kernel has it. */
export type RouteLive = Omit<RouteValue, 'protocol'> & { readonly protocol: number };
export type RuleLive = Omit<RuleValue, 'protocol'> & { readonly protocol: number };
/**
 * An entry of a forwarding table that was written, not learned: one that leads to an address of the network below, or one of
 * a bridge for a MAC behind its port.
 */
export type FdbLive = WithUnknown & {
  readonly dev: string;
  /** 00:00:00:00:00:00: frames for all, and for MACs that were not heard of. */
  readonly mac: string;
  /** NDA_DST; null of one of a bridge. */
  readonly to: string | null;
  /** The link that the packets leave by (NDA_IFINDEX); null: whichever the routes lead to. */
  readonly via: string | null;
};

/** A permanent entry of the multicast table of a bridge: a port, and an address or a MAC that frames are for. `vlan` null: of none. */
export type MulticastEntryLive = WithUnknown & {
  readonly bridge: string;
  readonly dev: string;
  readonly group: string;
  readonly vlan: number | null;
};

/** VLANs of a port with the same flags (BRIDGE_VLAN_INFO_*): `pvid`: frames that come without a tag; `untagged`: frames that leave lose it. */
export type PortVlanLive = { readonly vlans: VlanRange; readonly pvid: boolean; readonly untagged: boolean };

export type NeighbourLive = WithUnknown & {
  readonly dev: string;
  readonly to: string;
  /** Empty of a proxy entry. */
  readonly mac: string;
  readonly permanent: boolean;
  readonly protocol: number | null;
  /** The link answers for that address (NTF_PROXY): an entry of a table of its own. */
  readonly proxy?: true;
};

/** A queueing discipline that was put on a link: `tbf`, and the words of `tc` for where it is. */
export type QueueLive = {
  readonly dev: string;
  readonly kind: string;
  readonly place: string;
  /** `4e46:` of a root queue; null of another. */
  readonly rootHandle: string | null;
  /** What it does to packets; null of a kind that netform does not make. */
  readonly impairment: Impairment | null;
  /** It has settings that netform does not make. */
  readonly altered: boolean;
};

/** An nftables table of the family netdev with one chain. */
export type EgressTableLive = {
  /** The comment of its set `marker`; null: it has none. */
  readonly mark: string | null;
  /** The link that the chain is on; null: the link is gone, and the chain with it. */
  readonly dev: string | null;
  /** The rules, as nft lists them. */
  readonly rules: readonly string[];
};

/** An nftables table as it was read. */
export type TableLive = {
  /** As `nft -s list table inet NAME` prints it, or the first of `same`; null when there is no such table. */
  readonly listing: string | null;
  /** Those scripts of the need that give exactly this table. */
  readonly same: readonly string[];
  /** Scripts that this kernel or this libnftables refuses, with its first sentence. */
  readonly refused: ReadonlyMap<string, string>;
  /** By script: what its listing is, for saying how the live one differs. Empty when it is the same as one. */
  readonly wanted: ReadonlyMap<string, string>;
  /** Another text as soon as rules of the namespace have changed, for the first of `same`. Left out: the kernel cannot say. */
  readonly revision?: string;
};

/** A process that keeps a namespace alive. */
export type Holder = { readonly pid: number; readonly name: string };

/** A socket that takes connections or packets from anyone. */
export type Listener = {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
};

/** A process that listens. Number 0 and no name: it may not be looked at. */
export type PortHolder = Listener & { readonly pid: number; readonly name: string };

/** A route that the kernel chose: its destination, the table that has it, and the link of its first hop. */
export type RouteLookup = { readonly to: string; readonly table: number; readonly dev: string | null };

/** The legacy tables of one family. `save`: what `iptables-save` prints; null when that program is not installed. */
export type LegacySave = {
  readonly program: 'iptables-legacy' | 'ip6tables-legacy';
  readonly tables: readonly string[];
  readonly save: string | null;
};

/** An installed CNI plugin, and the versions of the specification that it supports. */
export type PluginLive = {
  readonly path: string;
  readonly versions: readonly string[];
  readonly problem: string | null;
};

/** What becomes of a sysctl that is written: `missing` when there is no such key, `refused` when its value is not taken. */
export type SysctlTrial = 'fine' | 'missing' | 'read-only' | 'refused';
