import type { Chain } from '../kernel/firewall.ts';

/** The facts that `doctor` reads of a machine, beyond the needs of the labs. */
export type DoctorFacts = {
  /** `6.1.0-18-amd64`. */
  readonly kernel: string;
  /** Kinds of links, queues and what else a lab needs, and whether this kernel has them: `vlan`, `netem`, `tun`. */
  readonly features: ReadonlyMap<string, boolean>;
  /** Those of them that every lab is made of: bridges and cables. */
  readonly basicLinkKinds: readonly string[];
  /** Null: there. Otherwise what to install. */
  readonly nftMissing: string | null;
  /** Folders with CNI plugins in them. */
  readonly pluginFolders: readonly string[];
  readonly legacy: LegacyIptables;
  /** The mount point that decides who sees what is mounted in /run/netns, when it is another mount's slave. */
  readonly slaveMount: string | null;
  readonly namespaces: readonly NetnsDirEntry[];
  /** Absolute path → text, of those that are there. */
  readonly files: ReadonlyMap<string, string>;
  /** systemd's units that are enabled or running: `nftables.service`. */
  readonly units: ReadonlySet<string>;
  readonly programs: ProgramSupport;
  readonly limits: {
    /** user.max_net_namespaces. */
    readonly namespaces: number | null;
    /** net.ipv4.neigh.default.gc_thresh3 and that of IPv6. */
    readonly neighbours: Readonly<Record<4 | 6, number | null>>;
  };
};

/** How programs of labs are run on a machine. */
export type ProgramSupport = {
  /** Why they cannot be units of systemd; null: they are. */
  readonly unitsProblem: string | null;
  /** Whether netform can make control groups. */
  readonly hasCgroups: boolean;
  /** Whether runsv of runit is installed, which starts programs again where systemd does not. */
  readonly hasRunsv: boolean;
};

/** The filter rules of legacy iptables for forwarded packets, which nftables does not list. */
export type LegacyIptables = {
  readonly chains: readonly Chain[];
  /** Programs that would have to be installed to say what the tables hold. */
  readonly unread: readonly string[];
};

/** A name under /run/netns. `leftover`: what an interrupted publication leaves. */
export type NetnsDirEntry = { readonly name: string; readonly alive: boolean; readonly leftover: boolean };
