import type { RuleAction, RuleOptions } from '../../model/kernel/rule-options.ts';
import type { WithUnknown } from '../../model/kernel/unknown-attribute.ts';

/** A policy routing rule with its full key. */
export type RuleValue = RuleOptions &
  WithUnknown & {
    /** The routing protocol of a rule that is not ours. Left out: 78. */
    readonly protocol?: number;
    readonly family: 4 | 6;
    readonly from: string | null;
    readonly to: string | null;
    readonly iif: string | null;
    readonly oif: string | null;
    readonly mark: { readonly value: number; readonly mask: number } | null;
    readonly table: number;
    readonly priority: number;
    readonly action: RuleAction;
  };

/** Policy routing rules. `behind`: rules of netform that move behind the others of their priority before a deletion. */
export type RuleInstruction = {
  readonly do: 'rule.add' | 'rule.delete';
  readonly netns: string;
  readonly rule: RuleValue;
  readonly behind?: readonly RuleValue[];
};
