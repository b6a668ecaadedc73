import type { BridgeValue, RouteValue, RuleValue, VxlanValue } from '../instruction.ts';
import type { Chain } from './firewall.ts';

/** What to read of the machine. Nothing else is read. */
export type Query = {
  /** Namespaces whose links, addresses, routes and rules are dumped; `host` among them when wanted. */
  readonly netns: readonly string[];
  /** Namespaces whose neighbours are dumped too: for each, the kernel walks the neighbours of all namespaces. */
  readonly neighbours: readonly string[];
  /** Namespaces whose addresses alone are dumped, without those of fe80::/10. */
  readonly addresses: readonly string[];
  readonly sysctls: readonly { readonly netns: string; readonly key: string }[];
  /**
   * Keys for every device there is (`all` and `default` too): `net/ipv4/conf` and `forwarding` give
   * `net/ipv4/conf/<each>/forwarding` among the namespace's `sysctls`. What the kernel rewrites on every device when one
   * switch is thrown has to be known beforehand, to be given back.
   */
  readonly sysctlTrees: readonly SysctlTree[];
  /** Of namespaces: what each key has in a new one in which those values were written, in their order. */
  readonly fresh: readonly SysctlDefaultsQuery[];
  /** Each table is listed, and compared with what each script would give (exactly: loaded in a scratch namespace). */
  readonly tables: readonly { readonly netns: string; readonly table: string; readonly scripts: readonly string[] }[];
  /** Namespaces whose nftables tables are wanted by name. */
  readonly tableNames: readonly string[];
  /** Namespaces whose chains that filter forwarded packets are listed, with all chains of their tables. */
  readonly firewalls: readonly string[];
  /** Namespaces whose whole nftables ruleset is listed. */
  readonly rulesets: readonly string[];
  /** Namespaces whose processes are listed. */
  readonly holders: readonly string[];
  /** Absolute paths. */
  readonly files: readonly string[];
  /** Namespaces whose listening sockets are wanted (for ports that are already taken). */
  readonly listeners: readonly string[];
  /** Link kinds to be tried in a scratch namespace: `bridge`, `veth`, `vxlan`. */
  readonly linkKinds: readonly string[];
  /** Plugin types to be looked up and asked for their versions. */
  readonly plugins: readonly string[];
};

export type SysctlDefaultsQuery = {
  readonly netns: string;
  readonly sysctls: { readonly [key: string]: string };
  readonly keys: readonly string[];
};

export type SysctlTree = {
  readonly netns: string;
  readonly dir: 'net/ipv4/conf' | 'net/ipv6/conf';
  readonly leaf: 'accept_ra' | 'forwarding' | 'accept_redirects' | 'rp_filter';
};

export type LiveState = {
  readonly bootId: string;
  /** The machine's own name, up to the first dot. */
  readonly hostname: string;
  /** Whether the kernel has IPv6. */
  readonly ipv6: boolean;
  /** A name that is not there is absent. */
  readonly netns: ReadonlyMap<string, NetnsLive>;
  /** Names under /run/netns that are dead files (not nsfs) or cannot be entered. */
  readonly deadNetns: ReadonlySet<string>;
  /** Content, one character per byte (latin1), so that no byte is lost; null when there is no such file. */
  readonly files: ReadonlyMap<string, string | null>;
  readonly listeners: readonly Listener[];
  /** Of the query's `linkKinds`, those that the kernel refuses. */
  readonly missingLinkKinds: readonly string[];
  /** By plugin type; null: no such binary. */
  readonly plugins: ReadonlyMap<string, PluginLive | null>;
  /** By namespace and key; null: a new one has no such key. */
  readonly fresh: ReadonlyMap<string, ReadonlyMap<string, string | null>>;
  /** By namespace of the query's `addresses`. */
  readonly addresses: ReadonlyMap<string, readonly AddressLive[]>;
  /** By namespace: each as nft names it, `inet filter`. */
  readonly tableNames: ReadonlyMap<string, readonly string[]>;
  /** By namespace, as nftables knows them (legacy iptables is not among them). */
  readonly firewalls: ReadonlyMap<string, readonly Chain[]>;
  /** By namespace: as `nft -s list ruleset` prints it; empty without the library. */
  readonly rulesets: ReadonlyMap<string, string>;
  /** By namespace: the processes that run in it, or have it open. */
  readonly holders: ReadonlyMap<string, readonly Holder[]>;
  /** Null: there. Otherwise what to install. Only filled when the query has tables. */
  readonly nftMissing: string | null;
  /** How long the reading took. */
  readonly ms: number;
};

export type NetnsLive = {
  /** SO_NETNS_COOKIE in decimal: the exact identity within one boot. Null on kernels older than 5.14. */
  readonly cookie: string | null;
  /** The ifalias of `lo`; null when it has none. */
  readonly mark: string | null;
  readonly links: ReadonlyMap<string, LinkLive>;
  readonly addresses: readonly AddressLive[];
  readonly routes: readonly RouteLive[];
  readonly rules: readonly RuleLive[];
  readonly neighbours: readonly NeighbourLive[];
  /** Of the query's keys and trees; null: no such key here. */
  readonly sysctls: ReadonlyMap<string, string | null>;
  readonly tables: ReadonlyMap<string, TableLive>;
};

export type LinkLive = {
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
  /** Of bridges only. */
  readonly bridge: BridgeValue | null;
  /** Of a bridge whose spanning tree changes: its ageing may be the kernel's doing for as long (`__br_set_topology_change`). */
  readonly changing?: true;
  /** Of vxlans only; null also of one with a setting that the language does not have. */
  readonly vxlan?: VxlanValue | null;
  /** Of bridge ports only. */
  readonly hairpin: boolean | null;
};

export type AddressLive = {
  readonly dev: string;
  /** `10.0.0.1/24`. */
  readonly prefix: string;
  /** IFA_PROTO; null where the kernel does not have it. */
  readonly protocol: number | null;
  /** `link` for fe80::/10 and 169.254/16, else `global` or `host`. */
  readonly scope: string;
  readonly tentative: boolean;
  readonly dadFailed: boolean;
};

/** `dev` of a hop is null when the link no longer exists; `metric` as the kernel has it. Unicast, blackhole, unreachable, prohibit only. */
export type RouteLive = Omit<RouteValue, 'protocol'> & { readonly protocol: number };
export type RuleLive = Omit<RuleValue, 'protocol'> & { readonly protocol: number };
export type NeighbourLive = {
  readonly dev: string;
  readonly to: string;
  readonly mac: string;
  readonly permanent: boolean;
  readonly protocol: number | null;
};

export type TableLive = {
  /** As `nft -s list table inet NAME` prints it, or the first of `same`; null when there is no such table. */
  readonly listing: string | null;
  /** Those scripts of the query that give exactly this table. */
  readonly same: readonly string[];
  /** Scripts that this kernel or this libnftables refuses, with its first sentence. */
  readonly refused: ReadonlyMap<string, string>;
  /** By script: what its listing is, for saying how the live one differs. Empty when it is the same as one. */
  readonly wanted: ReadonlyMap<string, string>;
};

export type Holder = { readonly pid: number; readonly name: string };

export type Listener = {
  readonly netns: string;
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
};
export type PluginLive = {
  readonly path: string;
  readonly versions: readonly string[];
  readonly problem: string | null;
};
