/** From the first to the last, both included. */
export type NumberRange = { readonly first: number; readonly last: number };

/** What else a rule selects by, and what it does with what its table gives. Left out where a rule does not have it. */
export type RuleOptions = {
  /** The rule is for what the selectors do not match. */
  readonly not?: true;
  /** The TOS byte: DSCP and ECN. */
  readonly tos?: number;
  /** IPPROTO_*. */
  readonly ipproto?: number;
  readonly sport?: NumberRange;
  readonly dport?: NumberRange;
  readonly uidrange?: NumberRange;
  /** The table is that of the VRF of the packet; `table` is 0. */
  readonly l3mdev?: true;
  /** A route whose prefix is not longer than this counts as not found. */
  readonly suppressPrefixLength?: number;
  /** A route through an interface of this group counts as not found. */
  readonly suppressIfGroup?: number;
  /** The priority of the rule that is asked next; with the action `goto`. */
  readonly goto?: number;
  /** `5` (destination) or `3/5` (source and destination). */
  readonly realms?: string;
};

/** FR_ACT_* of linux/fib_rules.h in the words of `ip rule`. */
export type RuleAction = 'lookup' | 'goto' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit';
