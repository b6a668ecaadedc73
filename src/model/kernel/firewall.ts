/** A chain of packet filtering, of nftables (iptables-nft writes such ones, too) or of legacy iptables. */
export type Chain = {
  readonly program: 'nft' | 'iptables-legacy' | 'ip6tables-legacy';
  readonly family: 'ip' | 'ip6' | 'inet';
  readonly table: string;
  readonly name: string;
  /** Set when forwarded packets come here by themselves; the policy is what happens to those that no rule decides on. */
  readonly forward: { readonly policy: 'accept' | 'drop' } | null;
  readonly rules: readonly FilterRule[];
};

/** All conditions must hold. */
export type FilterRule = {
  readonly conditions: readonly FilterCondition[];
  readonly verdict: Verdict;
  /** What nftables calls the rule in its table; left out: legacy iptables, which has none. */
  readonly handle?: number;
};

/** `unknown`: a condition on something that is not looked at here: it is taken not to hold. */
export type FilterCondition =
  | {
      readonly on: 'iif' | 'oif' | 'from' | 'to' | 'state' | 'protocol';
      readonly not: boolean;
      readonly values: readonly string[];
    }
  | {
      readonly on: 'unknown';
      /** The match of iptables-nft whose content nftables does not show, as `conntrack`. */
      readonly match?: string;
    };

export type Verdict =
  | { readonly do: 'accept' | 'drop' | 'return' | 'go-on' }
  | { readonly do: 'jump' | 'goto'; readonly chain: string };

/** The first packet of a connection that this machine forwards. */
export type ProbePacket = {
  readonly family: 4 | 6;
  /** Null: a link that the lab does not name (the way to the rest of the world). */
  readonly iif: string | null;
  readonly oif: string | null;
  /** Addresses; null: any. */
  readonly from: string | null;
  readonly to: string | null;
  /** Whether a port forward has given it its destination. */
  readonly forwarded: boolean;
};
