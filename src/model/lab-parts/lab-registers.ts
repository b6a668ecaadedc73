import type { Path } from '../diagnostics/source-location.ts';
import type { Spec } from '../json.ts';
import type { PortRange, Protocol } from '../topology.ts';

/** A port of a namespace that something of the lab takes. */
export type LabPortClaim = {
  readonly netns: string;
  readonly family: 4 | 6;
  /** Null: every address of the namespace. */
  readonly address: string | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  /** What the lab calls it; left out: it has no name. */
  readonly name?: string;
  /** What happens to it, as a participle: `forwarded to red`. */
  readonly use: string;
  /** What listens there on this machine is already what the lab wants there. Left out: nothing does, or another program. */
  readonly isHeld?: true;
  /** The id of the process that listens there itself; left out: none does. */
  readonly process?: string;
  readonly at: Path;
};

/** A file that programs of a namespace see at a path where the machine has another, or none. */
export type LabSeenFile = {
  readonly netns: string;
  readonly path: string;
  /** The word of the language that gives it. */
  readonly word: string;
  readonly at: Path;
};

/** The DNS servers that a namespace asks. */
export type LabResolver = { readonly netns: string; readonly nameservers: readonly string[] };

/** A name that stands for addresses, and is not that of a namespace. */
export type LabName = {
  readonly name: string;
  readonly addresses: readonly string[];
  /** Of a service: what the names of a cluster are made of. Left out: it is not one. */
  readonly service?: LabNamedService;
  readonly at: Path;
};

/** A service as its project calls it, with the ports that have names. */
export type LabNamedService = {
  readonly name: string;
  readonly project: string;
  readonly ports: readonly { readonly name: string; readonly protocol: Protocol; readonly port: number }[];
  /** Without an address of its own: each endpoint has a name. */
  readonly isHeadless: boolean;
};

/** A rule of the lab's nftables table in one namespace, in the part of the feature that wants it. */
export type LabNftRule = {
  readonly netns: string;
  /** The name of the part. */
  readonly part: string;
  readonly rule: Spec;
  readonly at: Path;
};

/** A name that name servers of the lab answer for, and an address that it stands for. */
export type LabServedName = {
  /** As it is written: `web`, `db.corp.test`. */
  readonly name: string;
  /** The domain that a name without a dot is in; null: none. */
  readonly domain: string | null;
  readonly address: string;
  /** The only namespace that calls it so; null: everybody does. */
  readonly netns: string | null;
  /** Services at a port of it (RFC 2782): `_http._tcp.web`, in the same domain. Left out: none. */
  readonly services?: readonly { readonly name: string; readonly port: number }[];
  readonly at: Path;
};
