import type { Diagnostic } from '../model/diagnostic.ts';
import type { Sticky } from '../model/lab.ts';
import type { Path } from '../model/place.ts';
import type { At, Bridge, GatewayText, Topology, Vxlan, WrittenAddress } from '../model/topology.ts';
import type { Prefix } from '../net/prefix.ts';

export type Family = 4 | 6;
export const FAMILIES: readonly Family[] = [4, 6];
export const familyWords = (family: Family): string => `IPv${family}`;

/** Takes a mistake or a warning; elaboration goes on without the affected item. */
export type Report = (problem: Diagnostic) => void;

/** Where a stage of elaboration reads from: the file, the addresses of now, and where mistakes go. */
export type Source = { readonly topology: Topology; readonly sticky: Sticky; readonly report: Report };

/** A link that will be there. Identity is the object: two links may have one name until a check has complained. */
export type Link = {
  readonly netns: string;
  /** The kernel's name. */
  readonly name: string;
  /** What the user wrote, or the full form of a generated name. */
  readonly label: string;
  readonly kind: 'bridge' | 'end' | 'port' | 'vxlan' | 'existing' | 'lo';
  readonly at: Path;
  readonly written: readonly WrittenAddress[];
  /** Whether it takes an address from a pool: a bridge port's inner end with nothing written. */
  readonly automatic: boolean;
  readonly up: boolean;
  readonly mac: At<string> | null;
  readonly mtu: number | null;
  /** The bridge of the same namespace that it is a port of. */
  readonly master: Link | null;
  readonly gateway: At<boolean> | null;
  /** Of bridges only. */
  readonly bridge: Bridge | null;
  /** Of vxlans only. */
  readonly vxlan: Vxlan | null;
};

/** A veth pair. The first end is the one that the user named. */
export type Wire = { readonly ends: readonly [Link, Link]; readonly mtu: number | null; readonly at: Path };

export type Wiring = {
  /** In the order of declaration: namespaces, then the host; interfaces, then bridges, then ends that only a cable names. */
  readonly links: readonly Link[];
  /** Bridges of the host first. */
  readonly bridges: readonly Link[];
  readonly wires: readonly Wire[];
  /** Vxlans of which the first sends to the second. */
  readonly overlays: readonly (readonly [Link, Link])[];
  /** By namespace, by label and by the kernel's name. */
  readonly devices: ReadonlyMap<string, ReadonlyMap<string, Link>>;
  /** Namespaces with a link that could not be made: what fails because of that is not reported a second time. */
  readonly broken: ReadonlySet<string>;
};

/** A prefix of a LAN. */
export type Subnet = {
  readonly prefix: Prefix;
  readonly text: string;
  /** Key of the pool that automatic addresses come from; null: known only from written addresses, nothing is given out. */
  readonly pool: string | null;
  /** What is written at the bridge, or else at the subnet. Empty: nothing. */
  readonly gateway: readonly At<GatewayText>[];
  /** The bridge that it is written at; null: from written addresses. */
  readonly bridge: Link | null;
  readonly at: Path;
};

/** A broadcast domain, before its members have addresses. */
export type Segment = {
  readonly label: string;
  /** The bridges that form it; empty: a cable, or vxlans. */
  readonly bridges: readonly Link[];
  /** Links on it that can have an address: bridges, and ends that are not ports. */
  readonly links: readonly Link[];
  /** The bridge that an interface has its port on. */
  readonly bridgeOf: ReadonlyMap<Link, Link>;
  readonly subnets: readonly Subnet[];
  readonly at: Path;
};

/** An address of a link. */
export type Placed = {
  readonly link: Link;
  readonly segment: Segment | null;
  /** Host bits kept. */
  readonly prefix: Prefix;
  readonly address: string;
  /** `10.0.0.1/24`. */
  readonly text: string;
  readonly automatic: boolean;
  readonly at: Path;
};

/** Everything that later stages read: who is wired to whom, and who has which address. */
export type World = Source & {
  readonly wiring: Wiring;
  readonly segments: readonly Segment[];
  readonly segmentOf: ReadonlyMap<Link, Segment>;
  readonly placedOn: ReadonlyMap<Link, readonly Placed[]>;
  /** By namespace, in the order of declaration. */
  readonly placedIn: ReadonlyMap<string, readonly Placed[]>;
  /** By namespace and LAN: the addresses there. */
  readonly placedAt: ReadonlyMap<string, ReadonlyMap<Segment, readonly Placed[]>>;
};
