import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { Path } from './diagnostics/source-location.ts';
import type { RouteOptions, RouteType, RuleAction, RuleOptions } from './instruction.ts';
import type { Json, Spec } from './json.ts';
import type { LabPrograms } from './kernel/lab-process.ts';
import type { LabAttachment, LabPublication } from './lab-parts/lab-attachment.ts';
import type { LabNamespace } from './lab-parts/lab-namespace.ts';
import type { LabNeighbour } from './lab-parts/lab-neighbour.ts';
import type { LabPort, LanVlan } from './lab-parts/lab-port.ts';
import type { LabNftRule, LabPortClaim, LabResolver, LabSeenFile } from './lab-parts/lab-registers.ts';
import type { LabSysctl } from './lab-parts/lab-sysctl.ts';
import type { RouteOrigin } from './lab-parts/route-origin.ts';
import type { FeatureValues, PortRange, Protocol, TopologyValue } from './topology.ts';
import type { LabLinkRelations, LabMachineTies, LabMember } from './values/link-relations.ts';

export type { LabNamespace } from './lab-parts/lab-namespace.ts';

/**
 * The desired state of a lab, with every name resolved and every automatic value decided: flat lists, one per kind.
 * Names of links are the kernel's (at most 15 bytes); `label` is what the user wrote. `netns` is `host` or a
 * namespace's name. Addresses and prefixes are canonical text.
 */
export type Lab = LabPrograms & {
  readonly name: string;
  /** Without the host. In the order of the file. */
  readonly namespaces: readonly LabNamespace[];
  readonly bridges: readonly LabLink[];
  readonly cables: readonly LabCable[];
  /** Links that are neither a bridge nor an end of a cable. */
  readonly links: readonly LabLink[];
  /** Links of the machine that the file only adds to. */
  readonly existing: readonly {
    readonly name: string;
    /** The MAC that it is found by; left out: it is found by its name. */
    readonly mac?: TopologyValue<string>;
    readonly at: Path;
    /** The bridge, bond or VRF of the machine that it is made a port of; left out: it stays what it is. */
    readonly master?: string;
  }[];
  readonly addresses: readonly LabAddresses[];
  readonly routes: readonly LabRoute[];
  readonly rules: readonly LabRule[];
  readonly neighbours: readonly LabNeighbour[];
  /** Of the host, and those of any namespace whose key names a device. The rest is in `namespaces[].sysctls`. */
  readonly sysctls: readonly LabSysctl[];
  readonly nat: readonly LabNat[];
  readonly forwards: readonly LabForward[];
  /** Register of claimed ports: features add to it, one check reads it. */
  readonly ports: readonly LabPortClaim[];
  /** Register of files that programs see elsewhere than the machine: features add to it, one check reads it. */
  readonly seenFiles: readonly LabSeenFile[];
  /** Register of the DNS servers that namespaces ask. */
  readonly resolvers: readonly LabResolver[];
  /** Register of nft rules: features add to it, the kind `nft` makes one table per namespace of it. */
  readonly nft: readonly LabNftRule[];
  /** Registers of interfaces that CNI plugins make, and of ports of the host that they publish. */
  readonly attachments: readonly LabAttachment[];
  readonly publications: readonly LabPublication[];
  /** What features have resolved for themselves, by name. */
  readonly features: FeatureValues;
  readonly files: readonly LabFile[];
  /** For checks and pictures: who meets whom on layer 2. */
  readonly lans: readonly Lan[];
  /** What could not be resolved, and what deserves a warning. */
  readonly problems: readonly Diagnostic[];
};

/** A link of one end, of any kind. */
export type LabLink = LabLinkRelations &
  LabMember &
  LabMachineTies & {
    /** The name of its kind (IFLA_INFO_KIND). */
    readonly kind: string;
    readonly netns: string;
    readonly name: string;
    readonly label: string;
    readonly at: Path;
    /** Empty: that of the link below. */
    readonly mac: string;
    /** The topology does not specify the MAC: an adopted link keeps its own. */
    readonly isMacUnspecified?: true;
    /** Null: the kernel's choice (1500). */
    readonly mtu: number | null;
    readonly up: boolean;
    /** The bridge, or the bond, of the same namespace that it is a port of. */
    readonly master: string | null;
    /** What its kind has beside all that. */
    readonly options: Spec;
    /** A program makes it, and the kernel knows neither its kind nor its ports. */
    readonly madeByProgram?: true;
    /** The link that it sends through; null: none is named to the kernel. */
    readonly lower: { readonly netns: string; readonly name: string } | null;
    /** Bytes by which its packets are larger below. */
    readonly overhead: number;
    /** What a picture writes at its line: the kind, and what tells it from others of that kind. */
    readonly caption: string;
  } & LabPort;

/** One end of a cable. */
export type LabEnd = LabMember & {
  readonly netns: string;
  readonly name: string;
  readonly label: string;
  readonly mac: string;
  /** The topology does not specify the MAC: an adopted end keeps its own. */
  readonly isMacUnspecified?: true;
  readonly mtu: number | null;
  readonly up: boolean;
  /** The bridge, or the bond, of the same namespace that it is a port of. */
  readonly master: string | null;
  /** Frames may leave by the port they came in: needed by a forward's target that calls itself under br_netfilter. */
  readonly hairpin: boolean;
  /** The topology says whether it has hairpin. */
  readonly isHairpinWritten?: true;
} & LabPort;

/** One veth pair. The first end is the one that the user named (of a written cable: the left one). */
export type LabCable = { readonly kind: string; readonly ends: readonly [LabEnd, LabEnd]; readonly at: Path };

/** All addresses of one link that are the lab's. */
export type LabAddresses = {
  readonly netns: string;
  readonly dev: string;
  /** With prefix length, e.g. `10.0.0.1/24`; in the order of the file. Never empty. */
  readonly prefixes: readonly string[];
  /** The other ends of those that are point to point, by prefix; left out: none are. */
  readonly peers?: { readonly [prefix: string]: string };
  /** Those of `prefixes` that were given out from a pool. */
  readonly automatic: readonly string[];
  /** A CNI plugin gives them to the link. Left out: netform does. */
  readonly byPlugin?: true;
  readonly at: Path;
};

export type LabRoute = RouteOrigin & {
  readonly netns: string;
  /** `0.0.0.0/0` and `::/0` for the default ones. */
  readonly to: string;
  readonly type: RouteType;
  /** Empty unless unicast or local. `dev` is always known; `via` null is a route straight to a link. */
  readonly hops: readonly LabHop[];
  readonly src: string | null;
  /** The kernel's default filled in: 0 for IPv4, 1024 for IPv6. */
  readonly metric: number;
  readonly table: number;
  readonly mtu: number | null;
  /** What not every route has; left out: nothing. */
  readonly options?: RouteOptions;
  readonly at: Path;
};

export type LabHop = {
  readonly via: string | null;
  readonly dev: string;
  readonly weight: number;
  readonly onlink: boolean;
};

export type LabRule = {
  readonly netns: string;
  readonly family: 4 | 6;
  readonly from: string | null;
  readonly to: string | null;
  readonly iif: string | null;
  readonly oif: string | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  readonly table: number;
  readonly priority: number;
  readonly action: RuleAction;
  /** What not every rule has; left out: nothing. */
  readonly options?: RuleOptions;
  readonly at: Path;
};

/** One entry under `nat`, with its sources as prefixes. */
export type LabNat = {
  readonly netns: string;
  readonly kind: 'masquerade' | 'snat';
  /** What the user wrote: `v-net-0`, `any`, `10.1.0.0/24`. */
  readonly label: string;
  /** Both families mixed; null is `any`. */
  readonly from: readonly string[] | null;
  readonly out: string | null;
  readonly exceptTo: readonly string[];
  readonly as: { readonly address: string; readonly ports: PortRange | null } | null;
  readonly at: Path;
};

/** One forward and one family. A target with both families makes two of them. */
export type LabForward = {
  readonly netns: string;
  readonly family: 4 | 6;
  /** Null: every address of this machine, `localhost` included (IPv4). */
  readonly address: string | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  readonly target: { readonly label: string; readonly address: string; readonly ports: PortRange };
  /** The share of this target, where the forward at that place has several. Left out: it is the only one. */
  readonly weight?: number;
  /** The prefix that both the target and this namespace are on: clients there, the target too, are masqueraded. Null: routed. */
  readonly lan: string | null;
  /** The link through which the target is reached; null when unknown. */
  readonly dev: string | null;
  readonly at: Path;
};

/** One file of the machine that a kind of file renders from its content. */
export type LabFile = {
  readonly kind: string;
  readonly name: string;
  /** Absolute; null: it is not written. */
  readonly path: string | null;
  readonly content: { readonly [key: string]: Json };
  /** The CNI plugins that whoever reads the file runs, with the place that names each. */
  readonly plugins: readonly { readonly type: string; readonly at: Path }[];
  readonly at: Path;
};

/** One broadcast domain: a bridge with its ports, or a cable or tunnels between interfaces that are not ports. */
export type Lan = {
  /** What a person calls it: `v-net-0`, `router:cni0`, or `a:eth0 -- router:eth0`. */
  readonly label: string;
  /** Of a VLAN: the link that has the bridge's address there, as `lan.10`. */
  readonly bridge: { readonly netns: string; readonly name: string } | null;
  /** The VLANs that it is, beside the bridges that are one LAN with them. `name` null: known by number only. */
  readonly vlans?: readonly LanVlan[];
  readonly subnets: readonly string[];
  /** Where each of them is written. */
  readonly subnetPlaces?: { readonly [subnet: string]: Path };
  /** Per family, from the bridge or the subnet. */
  readonly gateways: readonly string[];
  readonly members: readonly LanMember[];
  readonly at: Path;
};

export type LanMember = {
  readonly netns: string;
  readonly dev: string;
  readonly prefixes: readonly string[];
  readonly at: Path;
};

/** Addresses that interfaces have now, so that automatic ones stay: `red/eth0` → prefixes. */
export type CurrentAddresses = { readonly [netnsAndDev: string]: readonly string[] };
