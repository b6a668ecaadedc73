import { type Spec, sameJson } from '../../model/json.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import { planLine } from '../plan-line.ts';
import { changedRules } from './changed-rules.ts';
import type { NftPart } from './part.ts';
import { type NftSpec, rulesOfPart } from './spec.ts';

/** One line for each rule of a part that is added, deleted or changed, and for each line that was altered by hand. */
export function describeNft(operation: Operation<NftSpec>, parts: readonly NftPart[]): readonly PlanLine[] {
  const { before, after, netns, action } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const table = { noun: 'nft', name: `table ${spec.table}` };
  if (action === 'replace') return [planLine(operation, { ...table, text: '' })];
  const old = action === 'create' ? null : before;
  const wanted = action === 'delete' ? null : after;
  const lines = [
    ...parts.flatMap((part) =>
      rulePairs(rulesOfPart(old, part), rulesOfPart(wanted, part), part.describe.key).map((pair) =>
        ruleLine(netns, pair, part),
      ),
    ),
    ...(wanted === null ? [] : (old?.altered ?? []))
      .slice(0, MAX_ALTERED_LINES)
      .map((line) => planLine(operation, { ...table, text: alteration(line) })),
  ];
  if (lines.length > 0) return lines;
  return [planLine(operation, { ...table, text: operation.takenFrom === undefined ? 'the order of its rules' : '' })];
}

const MAX_ALTERED_LINES = 10;

type NftRulePair = { readonly before: Spec | null; readonly after: Spec | null };

/** What is new, deleted or different, by key; in the order of the new list, then what is deleted. */
function rulePairs(
  before: readonly Spec[],
  after: readonly Spec[],
  keyOf: (rule: Spec) => string,
): readonly NftRulePair[] {
  const { removed, added } = changedRules(before, after);
  const old = new Map(removed.map((rule) => [keyOf(rule), rule]));
  const wanted = new Set(added.map(keyOf));
  return [
    ...added.map((rule) => ({ before: old.get(keyOf(rule)) ?? null, after: rule })),
    ...removed.filter((rule) => !wanted.has(keyOf(rule))).map((rule) => ({ before: rule, after: null })),
  ].filter((pair) => !sameJson(pair.before, pair.after));
}

function ruleLine(netns: string, { before, after }: NftRulePair, { describe }: NftPart): PlanLine {
  const action = before === null ? 'create' : after === null ? 'delete' : 'update';
  const rule = after ?? before;
  const { noun } = describe;
  return planLine(
    { action, netns },
    { noun, name: rule ? describe.title(rule) : '', text: describe.text(before, after) },
  );
}

function alteration(line: string): string {
  const [sign, text] = [line.slice(0, 1), line.slice(2)];
  if (sign === '~') return text;
  return `${JSON.stringify(text)} was ${sign === '+' ? 'added' : 'removed'} by hand`;
}
