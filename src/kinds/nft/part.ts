import type { RulesetNat } from '../../firewall/nft-parse/nat.ts';
import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import type { Spec } from '../../model/json.ts';
import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabNftRule } from '../../model/lab-parts/lab-registers.ts';

/**
 * The fixed places of rules in the lab's table. `guard`: prerouting, priority raw. `dstnat`: the chain that prerouting and
 * output both jump to. `refuse`: forward and output, priority filter. `policy`: forward, after it; `policyIn` and `policyOut`: input and output, after it. `filter`, `filterIn` and `filterOut`: the same three hooks, last. `hairpin` and `srcnat`: postrouting, in this order. `port`: of the family bridge, what comes in by ports of bridges. Parts that share a place follow each other in the
 * order of the parts.
 */
export type NftPlace =
  | 'guard'
  | 'dstnat'
  | 'refuse'
  | 'policy'
  | 'policyIn'
  | 'policyOut'
  | 'filter'
  | 'filterIn'
  | 'filterOut'
  | 'hairpin'
  | 'srcnat'
  | 'port';

/** A named map or set of a table, with what it maps from and to. */
export type NftElements = {
  readonly name: string;
  readonly declaration: readonly string[];
  readonly elements: readonly string[];
};

/** A chain that elements or rules of the same part lead to. */
export type NftChain = { readonly name: string; readonly rules: readonly string[] };

/** What one part writes into the table: its maps and sets, its own chains, and its rules by place. */
export type NftStatements = {
  readonly elements: readonly NftElements[];
  readonly chains?: readonly NftChain[];
  readonly rules: { readonly [place in NftPlace]?: readonly string[] };
};

/** What one feature has in the lab's nftables table. Adding a part moves no rule of another one. */
export type NftPart<Rule extends Spec = Spec> = {
  /** The field of the spec that holds its rules, also in recorded states. */
  readonly name: string;
  /** The family of the table that it is in. Left out: inet. */
  readonly family?: 'bridge';
  /** The rules that follow from the whole lab, beside those of the register. Left out: none. */
  readonly derived?: (lab: Lab) => readonly LabNftRule[];
  /** Recorded states have the field also where it has no rules. */
  readonly recordedEmpty?: true;
  readonly statements: (rules: readonly Rule[]) => NftStatements;
  /** How a plan says that a rule is added, deleted or changed; rules of one key are the same rule. */
  readonly describe: {
    readonly noun: string;
    readonly key: (rule: Rule) => string;
    readonly title: (rule: Rule) => string;
    readonly text: (before: Rule | null, after: Rule | null) => string;
  };
  /** Whether rules that netform did not write do the same: each key of a rule is among the keys of what was found. */
  readonly equivalent: {
    readonly keys: (rule: Rule) => readonly string[];
    readonly found: (ruleset: RulesetNat) => readonly string[];
  };
  /** What only one lab of a machine can have of the host's rules. Left out: nothing. */
  readonly exclusive?: (rules: readonly Rule[]) => readonly ExclusiveClaim[];
  /** Whether something passes afterwards that these rules were there to keep out. Left out: they keep nothing out. */
  readonly opens?: (before: readonly Rule[], after: readonly Rule[]) => boolean;
  /** The tracked connections that go on as the rules before said although those after say otherwise. */
  readonly staleConntrack: (change: NftRuleChange<Rule>) => readonly ConntrackMatch[];
};

/** The rules of one part in one namespace, before and after an operation. */
export type NftRuleChange<Rule extends Spec = Spec> = {
  readonly netns: string;
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
};

/** A part as the table knows it: the rules that reach it are its own, from its feature or from a state written from those. */
export const defineNftPart = <Rule extends Spec>(part: NftPart<Rule>): NftPart => part as unknown as NftPart;

/** What is in one list of values and not in the other, either way. */
export function listDifference<T>(
  before: readonly T[],
  after: readonly T[],
): { readonly removed: readonly T[]; readonly added: readonly T[] } {
  const [old, wanted] = [before.map((item) => JSON.stringify(item)), after.map((item) => JSON.stringify(item))];
  const [isOld, isWanted] = [new Set(old), new Set(wanted)];
  return {
    removed: before.filter((_, nth) => !isWanted.has(old[nth] ?? '')),
    added: after.filter((_, nth) => !isOld.has(wanted[nth] ?? '')),
  };
}
