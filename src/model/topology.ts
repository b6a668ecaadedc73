import type { Path } from './diagnostics/source-location.ts';
import type { Json } from './json.ts';
import type { RouteOptions, RouteType } from './kernel/route-options.ts';
import type { RuleAction, RuleOptions } from './kernel/rule-options.ts';
import type { TopologyFdbEntry, TopologyMdbEntry, TopologyVlanRef } from './lab-parts/bridge-tables.ts';
import type { DeviceRef } from './lab-parts/device-ref.ts';
import type { LabContainer } from './lab-parts/lab-namespace.ts';
import type { TopologyLabels, TopologyProject, TopologySelector } from './lab-parts/selector.ts';
import type { TopologyAttachment } from './lab-parts/topology-attachment.ts';
import type { TopologySplit } from './lab-parts/topology-split.ts';
import type { TopologyRef, TopologyValue } from './lab-parts/topology-value.ts';

export type { TopologyFdbEntry, TopologyMdbEntry, TopologyVlanRef } from './lab-parts/bridge-tables.ts';
export type { PortRange, Protocol } from './lab-parts/port-range.ts';
export type { TopologySplit } from './lab-parts/topology-split.ts';
export type { TopologyRef, TopologyValue } from './lab-parts/topology-value.ts';

/**
 * The file as the user meant it, before any name is resolved: short forms written out, one value turned into a list of
 * one, syntax of addresses, ports and references checked. Each part has its place (`at`); other paths begin in `at.folder`.
 */
export type Topology = {
  readonly name: string;
  readonly at: { readonly name: Path; readonly folder?: string };
  /** The machine itself: top-level `bridges`, `routes`, `nat`, `portForwards` and everything under `host:`. */
  readonly host: TopologyNetns;
  /** In the order of the file. */
  readonly namespaces: readonly TopologyNetns[];
  readonly projects: readonly TopologyProject[];
  readonly subnets: readonly TopologySubnet[];
  readonly cables: readonly TopologyCable[];
  /** What can be read of the ends of other entries under `links`: each is a mistake, and has been reported. */
  readonly brokenCableEnds: readonly TopologyRef[];
  /** The entries of every kind of file, `cni` among them. */
  readonly files: readonly TopologyFile[];
  /** What stands at top level for the whole lab. */
  readonly features: FeatureValues;
};

/** The value that each feature reads at one place of the file, by the feature's name. Only the feature knows its shape. */
export type FeatureValues = { readonly [feature: string]: unknown };

/** `host` for the machine itself, else the namespace's name. */
export type TopologyNetns = TopologyLabels & {
  readonly name: string;
  readonly at: Path;
  readonly interfaces: readonly TopologyInterface[];
  readonly bridges: readonly TopologyBridge[];
  readonly routes: readonly TopologyRoute[];
  readonly rules: readonly TopologyRule[];
  readonly neighbours: readonly TopologyNeighbour[];
  /** Null: not written. */
  readonly forwarding: TopologyValue<boolean> | null;
  /** Keys as slash paths below /proc/sys (`net/ipv4/ip_forward`), values as text. */
  readonly sysctls: readonly { readonly key: string; readonly value: string; readonly at: Path }[];
  readonly container: LabContainer | null;
  readonly features: FeatureValues;
};

export type TopologyInterface = {
  readonly name: string;
  readonly at: Path;
  /** `v-net-0`, or `router:cni0` for the bridge of another namespace. Null: wired by a cable, existing, or `lo`. */
  readonly bridge: TopologyValue<TopologyRef> | null;
  /** A kind of its own; `bridge` is then a bridge that it is a port of. `wrong`: written, and reported. */
  readonly own: TopologyLinkOptions | 'wrong' | null;
  /** True for a NIC that the machine has; only the host may say it. */
  readonly existing: boolean;
  /** The MAC that an existing NIC is found by; left out: it is found by its name. */
  readonly existingMac?: TopologyValue<string>;
  /** `auto`: nothing written. `none`: written as none. Otherwise the written ones, at least one. */
  readonly address: 'auto' | 'none' | readonly TopologyAddress[];
  readonly mac: TopologyValue<string> | null;
  readonly mtu: TopologyValue<number> | null;
  readonly state: 'up' | 'down';
  /** `gateway: true|false`: whether the implied default route goes through here. */
  readonly gateway: TopologyValue<boolean> | null;
  /** What is written about its port of `bridge`. */
  readonly port: TopologyPort | null;
  /** The network whose CNI plugins make it; null: none. */
  readonly attachment: TopologyAttachment | null;
};

/** A kind's options where a file writes them. */
export type TopologyLinkOptions = {
  readonly kind: string;
  readonly at: Path;
  readonly values: { readonly [field: string]: TopologyValue<LinkFieldValue> | null };
  /** Of a field with a list: what comes after its first item. */
  readonly more?: { readonly [field: string]: readonly TopologyValue<LinkFieldValue>[] };
  /** The links whose LAN it is on because it names them. Left out: none. */
  readonly ends?: readonly TopologyRef[];
};

/** The value of a field as it is read from a file. */
export type LinkFieldValue =
  | number
  | boolean
  | string
  | { readonly address: string }
  | { readonly ref: TopologyRef }
  | { readonly selector: TopologySelector }
  | DeviceRef;

/**
 * `10.0.0.1/24` or `10.0.0.1` (the prefix length then comes from the subnet). Addresses in canonical text. `peer`: the other
 * end of a point-to-point link, whose prefix length it then is.
 */
export type TopologyAddress = {
  readonly address: string;
  readonly length: number | null;
  readonly peer?: string;
  readonly at: Path;
};

export type TopologyBridge = {
  readonly name: string;
  readonly at: Path;
  /** Each a prefix in canonical text (network address) or the name of an entry under `subnets`. */
  readonly subnets: readonly TopologyValue<{ readonly prefix: string } | { readonly name: string }>[];
  /** The bridge's own addresses: `none` when nothing is written. */
  readonly addresses: readonly TopologyAddress[];
  /** Where the first address of each of its subnets is asked for, too; left out: nowhere. */
  readonly first?: Path;
  /** An address (of either family) or the name of a namespace; `none` forbids the implied default route. */
  readonly gateway: readonly TopologyValue<TopologyGateway>[];
  readonly mac: TopologyValue<string> | null;
  readonly mtu: TopologyValue<number> | null;
  readonly state: 'up' | 'down';
  readonly own: TopologyLinkOptions;
  readonly vlans: TopologyBridgeVlans;
  /** Entries of its forwarding table. */
  readonly fdb: readonly TopologyFdbEntry[];
  /** Entries of its multicast table. */
  readonly mdb: readonly TopologyMdbEntry[];
};

/** What an interface writes about its port of a bridge. */
export type TopologyPort = {
  readonly at: Path;
  /** The settings of the port by their words; null: not written, or wrong and reported. */
  readonly values: { readonly [word: string]: TopologyValue<LinkFieldValue> | null };
  /** The VLAN whose frames come and go without a tag, and no other. */
  readonly access: TopologyValue<TopologyVlanRef> | null;
  /** The VLANs whose frames have a tag; null: not written. */
  readonly trunk: readonly TopologyValue<TopologyVlanRef>[] | null;
  /** Of a trunk: the VLAN of frames without a tag. */
  readonly native: TopologyValue<TopologyVlanRef> | null;
};

/** A VLAN of a bridge: a LAN of its own. */
export type TopologyVlan = Pick<TopologyBridge, 'subnets' | 'addresses'> & {
  readonly name: string;
  readonly at: Path;
  /** Null: left out or wrong, which has been reported. */
  readonly id: TopologyValue<number> | null;
  readonly gateway: readonly TopologyValue<TopologyGateway>[];
};

/** What a bridge writes about VLANs. */
export type TopologyBridgeVlans = {
  /** `vlanFiltering: true|false`; null: not written. */
  readonly filtering: TopologyValue<boolean> | null;
  readonly vlans: readonly TopologyVlan[];
};

export type TopologyGateway = { readonly address: string } | { readonly ref: TopologyRef } | { readonly none: true };

export type TopologySubnet = {
  readonly name: string;
  readonly at: Path;
  readonly cidrs: readonly TopologyValue<string>[];
  readonly gateway: readonly TopologyValue<TopologyGateway>[];
  /** How it is shared out among namespaces; left out: it is not. */
  readonly split?: TopologySplit;
  /** Of a share whose hosts reach the whole network directly: that network of each of `cidrs`, in canonical text. */
  readonly within?: readonly string[];
};

/** `a:eth0 -- router:eth0`. */
export type TopologyCable = {
  readonly at: Path;
  readonly ends: readonly [TopologyValue<TopologyRef>, TopologyValue<TopologyRef>];
  readonly mtu: TopologyValue<number> | null;
};

export type TopologyRoute = {
  readonly at: Path;
  /** `default` (family from `via`), a prefix in canonical text, or a name (its addresses, host prefixes). */
  readonly to: TopologyValue<'default' | { readonly prefix: string } | { readonly ref: TopologyRef }>;
  readonly type: RouteType;
  readonly via: readonly TopologyHop[];
  readonly dev: TopologyValue<string> | null;
  readonly src: TopologyValue<string> | null;
  readonly metric: number | null;
  readonly table: number;
  readonly onlink: boolean;
  readonly mtu: number | null;
  readonly options: RouteOptions;
};

/** A selector stands for a next hop for each namespace. */
export type TopologyHopTarget =
  | { readonly address: string }
  | { readonly ref: TopologyRef }
  | { readonly selector: TopologySelector };

export type TopologyHop = {
  readonly at: Path;
  /** Null: the link alone, which `dev` then names. */
  readonly to: TopologyHopTarget | null;
  readonly weight: number;
  readonly dev: TopologyValue<string> | null;
};

export type TopologyRule = {
  readonly at: Path;
  readonly from: TopologyValue<RuleSelector> | null;
  readonly to: TopologyValue<RuleSelector> | null;
  readonly iif: TopologyValue<string> | null;
  readonly oif: TopologyValue<string> | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  readonly table: number;
  readonly priority: number | null;
  readonly action: RuleAction;
  readonly options: RuleOptions;
};

/** A prefix in canonical text, or the name of something that has addresses. */
export type RuleSelector = { readonly prefix: string } | { readonly ref: TopologyRef };

export type TopologyNeighbour = {
  readonly at: Path;
  readonly to: { readonly address: string } | { readonly ref: TopologyRef };
  readonly mac: TopologyValue<string>;
  readonly dev: TopologyValue<string>;
};

/** One entry of a kind of file: what is written, and where. */
export type TopologyFile = {
  /** The kind of file that reads, checks and renders it. */
  readonly kind: string;
  readonly name: string;
  readonly at: Path;
  /** A file name inside the kind's own folder, or an absolute path. Null: the kind chooses. */
  readonly file: TopologyValue<string> | null;
  /** What the kind renders. */
  readonly content: { readonly [key: string]: Json };
};
