import type { Spec } from './json.ts';
import type { ConntrackMatch } from './kernel/conntrack-match.ts';

/**
 * One change of the machine, as data: executed by `kernel/`, and shown as a shell line by `report/`. Links are named,
 * never numbered; `netns` is `host` or a name under /run/netns.
 */
export type Instruction =
  /** Makes a namespace, marks its `lo` and sets it up, writes the sysctls (slash keys), and only then publishes the name. */
  | { readonly do: 'netns.add'; readonly netns: string; readonly mark: string; readonly sysctls: SysctlValues }
  /** `leftover`: also what an interrupted publication leaves, an empty file of mode 000. */
  | { readonly do: 'netns.delete'; readonly netns: string; readonly leftover?: true }
  | AddLink
  | { readonly do: 'link.set'; readonly netns: string; readonly name: string; readonly set: LinkSettings }
  | { readonly do: 'link.delete'; readonly netns: string; readonly name: string }
  /** `protocol` (IFA_PROTO) only on links that are not ours. IPv6 addresses are always added with nodad. */
  | {
      readonly do: 'address.add';
      readonly netns: string;
      readonly dev: string;
      readonly prefix: string;
      readonly protocol: number | null;
    }
  /** `existing`: the link is the machine's own, and IPv4 addresses that are secondary to this one have to stay. */
  | {
      readonly do: 'address.delete';
      readonly netns: string;
      readonly dev: string;
      readonly prefix: string;
      readonly existing?: boolean;
    }
  /** Gives an address that is there another IFA_PROTO; 0: none. Where the kernel keeps none, nothing changes. */
  | {
      readonly do: 'address.mark';
      readonly netns: string;
      readonly dev: string;
      readonly prefix: string;
      readonly protocol: number;
    }
  | { readonly do: 'route.add' | 'route.replace' | 'route.delete'; readonly netns: string; readonly route: RouteValue }
  | { readonly do: 'rule.add' | 'rule.delete'; readonly netns: string; readonly rule: RuleValue }
  | {
      readonly do: 'neighbour.set';
      readonly netns: string;
      readonly dev: string;
      readonly to: string;
      readonly mac: string;
      readonly protocol?: number;
    }
  | { readonly do: 'neighbour.delete'; readonly netns: string; readonly dev: string; readonly to: string }
  | { readonly do: 'sysctl.set'; readonly netns: string; readonly key: string; readonly value: string }
  /** Restores a setting of an unmanaged device; a missing key (the device no longer exists) is not an error. */
  | { readonly do: 'sysctl.restore'; readonly netns: string; readonly key: string; readonly value: string }
  /** `script` is the whole `table inet NAME { … }`; one transaction drops the table of that name, if any, and loads it. */
  | { readonly do: 'nft.replace'; readonly netns: string; readonly table: string; readonly script: string }
  /** `family`: `inet` when it is left out. */
  | { readonly do: 'nft.delete'; readonly netns: string; readonly table: string; readonly family?: string }
  /** Forgets these tracked connections, so that the next packet of each meets the rules as they are now. */
  | { readonly do: 'flows.forget'; readonly netns: string; readonly flows: readonly ConntrackMatch[] }
  /** `exclusive`: the file must not exist. Otherwise it is replaced atomically. Folders on the way are made. */
  | { readonly do: 'file.write'; readonly path: string; readonly content: string; readonly exclusive: boolean }
  /**
   * Removes the file, and the folders that netform made and that are empty then. `andFolder` says so of the file's own
   * folder to a shell, which does not remember who made it.
   */
  | { readonly do: 'file.delete'; readonly path: string; readonly andFolder: boolean }
  /** Puts the lab's block of lines into the file: `insertBlock` of model/blocks.ts over its present bytes. Folders and file are made. */
  | { readonly do: 'file.block'; readonly path: string; readonly mark: string; readonly lines: readonly string[] }
  /** Takes the block out (`removeBlock`); the file goes too when that gives null, and then its folders as above. */
  | { readonly do: 'file.unblock'; readonly path: string; readonly mark: string; readonly andFolder: boolean };

export type SysctlValues = { readonly [key: string]: string };

/** A link of any kind, or a pair with both its ends; `master` is a link of the same namespace. */
export type AddLink = {
  readonly do: 'link.add';
  readonly netns: string;
  readonly name: string;
  readonly kind: string;
  /** Empty: the kernel's choice. */
  readonly mac: string;
  readonly mtu: number | null;
  readonly group: number;
  readonly master: string | null;
  /** The link below; one of the host with a link in another namespace is made there and put into its namespace. */
  readonly lower: { readonly netns: string; readonly name: string } | null;
  readonly options: Spec;
  readonly peer: {
    readonly netns: string;
    readonly name: string;
    readonly mac: string;
    readonly mtu: number | null;
    readonly group: number;
  } | null;
};

/** Only what is present is changed. The options of a kind go in one message of their own, `hairpin` too. */
export type LinkSettings = {
  readonly alias?: string;
  readonly group?: number;
  readonly up?: boolean;
  readonly mtu?: number;
  readonly mac?: string;
  readonly master?: string | null;
  readonly options?: { readonly kind: string; readonly values: Spec };
  readonly hairpin?: boolean;
};

/** The full key of a route is in it, so that a delete never works as a wildcard. */
export type RouteValue = {
  /** Of one that is not ours. Left out: 78. */
  readonly protocol?: number;
  readonly to: string;
  readonly type: 'unicast' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly hops: readonly {
    readonly via: string | null;
    readonly dev: string;
    readonly weight: number;
    readonly onlink: boolean;
  }[];
  readonly src: string | null;
  readonly metric: number;
  readonly table: number;
  readonly mtu: number | null;
};

export type RuleValue = {
  /** Of one that is not ours. Left out: 78. */
  readonly protocol?: number;
  readonly family: 4 | 6;
  readonly from: string | null;
  readonly to: string | null;
  readonly iif: string | null;
  readonly oif: string | null;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  readonly table: number;
  readonly priority: number;
  readonly action: 'lookup' | 'blackhole' | 'unreachable' | 'prohibit';
};

/** The routing protocol number that marks our routes, rules, neighbours and foreign-link addresses. */
export const NETFORM_PROTOCOL = 78;
/** The interface group of every link that we make. */
export const NETFORM_GROUP = 20038;
