import type { Json } from './json.ts';
import type { Path } from './place.ts';

/**
 * The file as the user meant it, before any name is resolved: short forms written out, one value turned into a list of
 * one, syntax of addresses, ports and references checked. Every part remembers where it stands (`at`).
 */
export type Topology = {
  readonly name: string;
  readonly at: { readonly name: Path };
  /** The machine itself: top-level `bridges`, `routes`, `nat`, `portForwards` and everything under `host:`. */
  readonly host: Netns;
  /** In the order of the file. */
  readonly namespaces: readonly Netns[];
  readonly subnets: readonly NamedSubnet[];
  readonly cables: readonly Cable[];
  /** The lab-wide `dns:`; the block of a namespace overrides it key by key. */
  readonly dns: Dns;
  readonly conflists: readonly Conflist[];
};

/** A value and where it stands. */
export type At<T> = { readonly value: T; readonly at: Path };

/** `host` for the machine itself, else the namespace's name. */
export type Netns = {
  readonly name: string;
  readonly at: Path;
  readonly interfaces: readonly Interface[];
  readonly bridges: readonly Bridge[];
  readonly routes: readonly Route[];
  readonly rules: readonly Rule[];
  readonly neighbours: readonly Neighbour[];
  /** Null: not written. */
  readonly forwarding: At<boolean> | null;
  /** Keys as slash paths below /proc/sys (`net/ipv4/ip_forward`), values as text. */
  readonly sysctls: readonly { readonly key: string; readonly value: string; readonly at: Path }[];
  readonly nat: readonly Nat[];
  readonly forwards: readonly Forward[];
  /** `publish` of a namespace: forwards of the *host* to this namespace. Empty for the host. */
  readonly publish: readonly Publish[];
  readonly dns: Dns | null;
};

export type Interface = {
  readonly name: string;
  readonly at: Path;
  /** `v-net-0`, or `router:cni0` for the bridge of another namespace. Null: wired by a cable, existing, or `lo`. */
  readonly bridge: At<Ref> | null;
  /** One end of an overlay; `bridge` is then a bridge that it is a port of. `wrong`: written, and reported. */
  readonly vxlan: Vxlan | 'wrong' | null;
  /** True for a NIC that the machine has; only the host may say it. */
  readonly existing: boolean;
  /** `auto`: nothing written. `none`: written as none. Otherwise the written ones, at least one. */
  readonly address: 'auto' | 'none' | readonly WrittenAddress[];
  readonly mac: At<string> | null;
  readonly mtu: At<number> | null;
  readonly state: 'up' | 'down';
  /** `gateway: true|false`: whether the implied default route goes through here. */
  readonly gateway: At<boolean> | null;
};

/** `dev`: null where nothing is written, `none` for none at all. */
export type Vxlan = {
  readonly at: Path;
  readonly id: At<number>;
  readonly remote: At<{ readonly address: string } | { readonly ref: Ref }>;
  readonly local: At<string> | null;
  readonly dev: At<string> | null;
  readonly port: number;
};

/** `10.0.0.1/24` or `10.0.0.1` (the prefix length then comes from the subnet). Address in canonical text. */
export type WrittenAddress = { readonly address: string; readonly length: number | null; readonly at: Path };

/** A name with an optional part after the colon: `blue`, `blue:eth1`, `router:cni0`. */
export type Ref = { readonly name: string; readonly part: string | null };

export type Bridge = {
  readonly name: string;
  readonly at: Path;
  /** Each a prefix in canonical text (network address) or the name of an entry under `subnets`. */
  readonly subnets: readonly At<{ readonly prefix: string } | { readonly name: string }>[];
  /** The bridge's own addresses: `none` when nothing is written. */
  readonly addresses: readonly WrittenAddress[];
  /** An address (of either family) or the name of a namespace; `none` forbids the implied default route. */
  readonly gateway: readonly At<GatewayText>[];
  readonly mac: At<string> | null;
  readonly mtu: At<number> | null;
  readonly state: 'up' | 'down';
  readonly stp: boolean;
  /** Seconds. Null: the kernel's default (300). */
  readonly ageing: number | null;
  /** Seconds. Null: the kernel's default (15). */
  readonly forwardDelay: number | null;
  readonly priority: number | null;
  readonly multicastSnooping: boolean;
};

export type GatewayText = { readonly address: string } | { readonly ref: Ref } | { readonly none: true };

export type NamedSubnet = {
  readonly name: string;
  readonly at: Path;
  readonly cidrs: readonly At<string>[];
  readonly gateway: readonly At<GatewayText>[];
};

/** `a:eth0 -- router:eth0`. */
export type Cable = {
  readonly at: Path;
  readonly ends: readonly [At<Ref>, At<Ref>];
  readonly mtu: At<number> | null;
};

export type Route = {
  readonly at: Path;
  /** `default` (family from `via`), a prefix in canonical text, or a name (its addresses, host prefixes). */
  readonly to: At<'default' | { readonly prefix: string } | { readonly ref: Ref }>;
  readonly type: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly via: readonly Hop[];
  readonly dev: At<string> | null;
  readonly src: At<string> | null;
  readonly metric: number | null;
  readonly table: number;
  readonly onlink: boolean;
  readonly mtu: number | null;
};

export type Hop = {
  readonly at: Path;
  readonly to: { readonly address: string } | { readonly ref: Ref };
  readonly weight: number;
  readonly dev: At<string> | null;
};

export type Rule = {
  readonly at: Path;
  readonly from: At<string> | null;
  readonly to: At<string> | null;
  readonly iif: At<string> | null;
  readonly oif: At<string> | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  readonly table: number;
  readonly priority: number | null;
  readonly action: 'lookup' | 'blackhole' | 'unreachable' | 'prohibit';
};

export type Neighbour = {
  readonly at: Path;
  readonly to: At<string>;
  readonly mac: At<string>;
  readonly dev: At<string>;
};

export type NatSource = { readonly prefix: string } | { readonly name: string } | { readonly any: true };

export type Nat = {
  readonly at: Path;
  readonly kind: 'masquerade' | 'snat';
  readonly from: readonly At<NatSource>[];
  readonly out: At<string> | null;
  /** Prefixes or names of bridges and subnets. */
  readonly exceptTo: readonly At<NatSource>[];
  /** Of snat only. */
  readonly as: At<{ readonly address: string; readonly ports: PortRange | null }> | null;
};

export type PortRange = { readonly first: number; readonly last: number };
export type Protocol = 'tcp' | 'udp' | 'sctp';

export type Forward = {
  readonly at: Path;
  readonly listen: {
    readonly address: string | null;
    readonly ports: PortRange;
    readonly protocols: readonly Protocol[];
  };
  readonly to: {
    readonly target: { readonly address: string } | { readonly ref: Ref };
    readonly ports: PortRange | null;
  };
};

/** `8080:80`, `127.0.0.1:8080:80/udp`, as `docker run -p`. */
export type Publish = {
  readonly at: Path;
  readonly address: string | null;
  readonly hostPorts: PortRange;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
};

/** Null: not written here. */
export type Dns = {
  readonly at: Path;
  readonly names: boolean | null;
  readonly hosts:
    | readonly {
        readonly name: string;
        readonly at: Path;
        readonly to: readonly At<{ readonly address: string } | { readonly ref: Ref }>[];
      }[]
    | null;
  readonly search: readonly string[] | null;
  readonly nameservers: readonly At<{ readonly address: string } | { readonly ref: Ref }>[] | null;
  readonly options: readonly string[] | null;
  readonly order: readonly string[] | null;
};

export type Conflist = {
  readonly name: string;
  readonly at: Path;
  /** File name inside the configuration folder, or an absolute path. Null: `10-<name>.conflist`. */
  readonly file: At<string> | null;
  /** The conflist as it will be written, `name` included; `file` taken out. Verbatim otherwise. */
  readonly content: { readonly [key: string]: Json };
};
