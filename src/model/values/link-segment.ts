/**
 * `target`: the ends of a tunnel meet when one sends to the other; `mutual`: one that names another end does not meet it.
 * `device`: all on one device, on the LAN of that; `tag`: all with equal values on that LAN, apart from it; `group`: the
 * same, in frames that have no tag of their own there. The ends of a tunnel have equal values of `same`, too. `otherwise`:
 * the rule of a link for which the field is not written. `ends`: those that a field of type `feature` names.
 */
export type LinkSegmentRule = {
  readonly by: 'target' | 'device' | 'tag' | 'group' | 'ends';
  readonly field: string;
  readonly same: readonly string[];
  readonly mutual?: true;
  readonly otherwise?: LinkSegmentRule;
};

/** The rule for a link with the given options, as they are written. */
export function segmentRuleOf(
  { segment }: { readonly segment: LinkSegmentRule | null },
  written: { readonly [field: string]: unknown },
): LinkSegmentRule | null {
  return segment?.otherwise && !written[segment.field] ? segment.otherwise : segment;
}
