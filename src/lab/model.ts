import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { Path } from '../model/diagnostics/source-location.ts';
import type { CurrentAddresses } from '../model/lab.ts';
import type { LabPortVlans } from '../model/lab-parts/lab-port.ts';
import type { LinkKinds } from '../model/link-kind.ts';
import type {
  Topology,
  TopologyAddress,
  TopologyBridge,
  TopologyGateway,
  TopologyLinkOptions,
  TopologyPort,
  TopologyValue,
} from '../model/topology.ts';
import type { Prefix } from '../net/prefix.ts';

/** The version of IP. */
export type Family = 4 | 6;

/** IPv4 and IPv6, in this order. */
export const IP_FAMILIES: readonly Family[] = [4, 6];

/** `IPv4` or `IPv6`. */
export const formatFamily = (family: Family): string => `IPv${family}`;

/** Takes a mistake or a warning; elaboration goes on without the affected item. */
export type LabDiagnosticReporter = (problem: Diagnostic) => void;

/** Where a stage of elaboration reads from: the file, the addresses of now, and where mistakes go. */
export type LabModelInput = {
  readonly topology: Topology;
  readonly currentAddresses: CurrentAddresses;
  readonly linkKinds: LinkKinds;
  /** The names of the NICs of the machine that have a MAC; left out: nothing is known of the machine. */
  readonly nicsOf?: (mac: string) => readonly string[];
  /** The CNI networks, by name. */
  readonly networks: ReadonlyMap<string, ModelNetwork>;
  readonly report: LabDiagnosticReporter;
};

/** A link that will be there. Identity is the object: two links may have one name until a check has complained. */
export type ModelLink = {
  readonly netns: string;
  /** The kernel's name. */
  readonly name: string;
  /** What the user wrote, or the full form of a generated name. */
  readonly label: string;
  /** Of an existing NIC that is found by its MAC: that. */
  readonly nicMac?: TopologyValue<string>;
  /** `switch`: an entry under `bridges`; `own`: of a kind that stands at the interface; `plugin`: a CNI plugin makes it. */
  readonly kind: 'switch' | 'end' | 'port' | 'own' | 'plugin' | 'existing' | 'lo';
  readonly at: Path;
  readonly staticAddresses: readonly TopologyAddress[];
  /** Whether it takes an address from a pool: a bridge port's inner end with nothing written. */
  readonly automatic: boolean;
  readonly up: boolean;
  readonly mac: TopologyValue<string> | null;
  readonly mtu: number | null;
  /** The bridge, or the bond, of the same namespace that it is a port of. */
  readonly master: ModelLink | null;
  /** The VRF of the same namespace that its routes belong to; left out: none. */
  readonly l3master?: ModelLink;
  readonly gateway: TopologyValue<boolean> | null;
  /** Of bridges only. */
  readonly bridge: TopologyBridge | null;
  /** The options of its kind, of bridges too; null: an end of a pair, or a link that the lab does not make. */
  readonly own: TopologyLinkOptions | null;
  /** Of a port: what is written about it. */
  readonly port: TopologyPort | null;
  /** Of a VLAN of a bridge, which is a `switch` of its own: the bridge, and the number. */
  readonly vlan: { readonly of: ModelLink; readonly id: number } | null;
  /** Of a link that a CNI plugin makes: the network; left out: none. */
  readonly network?: ModelNetwork;
};

/** A CNI network as far as it can be known from its configuration: what an attachment to it gets. */
export type ModelNetwork = {
  readonly name: string;
  readonly at: Path;
  /** The bridge of the host that its plugins make or use; null: none is known. */
  readonly bridge: string | null;
  /** The addresses that the plugins give to that bridge. */
  readonly bridgeAddresses: readonly TopologyAddress[];
  /** What addresses are given out of. Empty: only the plugins know. */
  readonly pools: readonly NetworkPool[];
  /** The addresses that every attachment gets. */
  readonly fixed: readonly TopologyAddress[];
  /** Whether its plugins publish ports of the host. */
  readonly publishes: boolean;
};

/** A range of addresses, ends included. `taken`: those that attachments of others have, and gateways. */
export type NetworkPool = {
  readonly prefix: Prefix;
  readonly text: string;
  readonly first: bigint;
  readonly last: bigint;
  readonly taken: ReadonlySet<bigint>;
  readonly at: Path;
};

/** A veth pair. The first end is the one that the user named. */
export type ModelVethPair = {
  readonly ends: readonly [ModelLink, ModelLink];
  readonly mtu: number | null;
  readonly at: Path;
};

/** The links of a lab, and how they are joined. */
export type ModelWiring = {
  /** In the order of declaration: namespaces, then the host; interfaces, then bridges, then ends that only a cable names. */
  readonly links: readonly ModelLink[];
  /** Bridges of the host first. */
  readonly bridges: readonly ModelLink[];
  readonly vlans: ModelVlans;
  readonly vethPairs: readonly ModelVethPair[];
  /** Links that share a LAN without a bridge or a cable between them: the ends of a tunnel, those on one device. */
  readonly joins: readonly (readonly [ModelLink, ModelLink])[];
  /** By namespace, by label and by the kernel's name. */
  readonly devices: ReadonlyMap<string, ReadonlyMap<string, ModelLink>>;
  /** Namespaces with a link that could not be made: what fails because of that is not reported a second time. */
  readonly broken: ReadonlySet<string>;
};

/** The VLANs of bridges, and where ports are in them. A bridge that keeps no VLANs apart is one LAN. */
export type ModelVlans = {
  /** The places of VLANs, declared ones first: each is a LAN beside that of its bridge, which is VLAN 1. */
  readonly places: readonly ModelLink[];
  /** The bridge, or the VLAN of it, where frames of a port go that have no tag. Null: it is not a port, or they are dropped. */
  readonly untagged: (port: ModelLink) => ModelLink | null;
  /** Of ports of bridges that keep VLANs apart, and of these bridges themselves. */
  readonly members: ReadonlyMap<ModelLink, LabPortVlans>;
  /** Places that frames with a tag connect. */
  readonly joins: readonly (readonly [ModelLink, ModelLink])[];
};

/** A prefix of a LAN. */
export type SegmentSubnet = {
  readonly prefix: Prefix;
  readonly text: string;
  /** Key of the pool that automatic addresses come from; null: known only from written addresses, nothing is given out. */
  readonly pool: string | null;
  /** What is written at the bridge, or else at the subnet. Empty: nothing. */
  readonly gateway: readonly TopologyValue<TopologyGateway>[];
  /** The bridge that it is written at; null: from written addresses. */
  readonly bridge: ModelLink | null;
  /** Of a CNI network: the part of it that is given out. Left out: every host of it. */
  readonly range?: NetworkPool;
  readonly at: Path;
};

/** A broadcast domain, before its members have addresses. */
export type LanSegment = {
  readonly label: string;
  /** The bridges that form it; empty: a cable, or links with kinds of their own. */
  readonly bridges: readonly ModelLink[];
  /** Links on it that can have an address: bridges, and ends that are not ports. */
  readonly links: readonly ModelLink[];
  /** The bridge that an interface has its port on. */
  readonly bridgeByLink: ReadonlyMap<ModelLink, ModelLink>;
  readonly subnets: readonly SegmentSubnet[];
  readonly at: Path;
};

/** An address of a link. */
export type AssignedAddress = {
  readonly link: ModelLink;
  readonly segment: LanSegment | null;
  /** Host bits kept. Of one with a peer, the address alone: it makes no subnet. */
  readonly prefix: Prefix;
  /** The other end of a point-to-point address, with the length of what is reached through it; null: a subnet. */
  readonly peer: Prefix | null;
  readonly address: string;
  /** `10.0.0.1/24`. */
  readonly text: string;
  readonly automatic: boolean;
  readonly at: Path;
};

/** What an address makes reachable on its link. Host bits kept. */
export const onLinkPrefix = ({ prefix, peer }: AssignedAddress): Prefix => peer ?? prefix;

/** The model that later stages read: the wiring of all links, and their addresses. */
export type LabModel = LabModelInput & {
  readonly wiring: ModelWiring;
  readonly segments: readonly LanSegment[];
  readonly segmentByLink: ReadonlyMap<ModelLink, LanSegment>;
  readonly addressesByLink: ReadonlyMap<ModelLink, readonly AssignedAddress[]>;
  /** By namespace, in the order of declaration. */
  readonly addressesByNetns: ReadonlyMap<string, readonly AssignedAddress[]>;
  /** By namespace and LAN: the addresses there. */
  readonly addressesByNetnsSegment: ReadonlyMap<string, ReadonlyMap<LanSegment, readonly AssignedAddress[]>>;
};
