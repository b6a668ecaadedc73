import type { Json } from '../model/json.ts';
import { type FieldChange, type FieldPath, isMarkChange, type Operation, type PlanLine } from '../model/operation.ts';

const SIGNS = { create: '+', update: '~', replace: '±', delete: '-' } as const;

/** One line of the plan for a whole operation. */
export function planLine(
  operation: Pick<Operation, 'action' | 'netns'>,
  line: Pick<PlanLine, 'noun' | 'name' | 'text'>,
): PlanLine {
  return { sign: SIGNS[operation.action], netns: operation.netns, ...line };
}

/** `mtu 1500 → 1400, state up → down, moves from lan to dmz`: the last word of each path, each change once. */
export const changesText = (changes: readonly FieldChange[]): string =>
  [...new Set(changes.map(changeText))].join(', ');

/** The changes that are shown: those of the ownership mark are left out. */
export const shownChanges = (
  changes: readonly FieldChange[],
  markFields: readonly FieldPath[],
): readonly FieldChange[] => changes.filter((change) => !isMarkChange(change, markFields));

/** `mac is immutable`: why something is replaced; empty for one that goes with what it stands in. */
export function replaceText(changes: readonly FieldChange[], immutable: readonly string[]): string {
  const fixed = changes.filter(({ path }) => immutable.includes(path[0] ?? '')).map(({ path }) => path[0]);
  return fixed.length === 0 ? changesText(changes) : `${[...new Set(fixed)].join(', ')} is immutable: replaced`;
}

/** `one → two`, or the one of them that there is. */
export const transitionText = (before: string | null | undefined, after: string | null | undefined): string =>
  before != null && after != null && before !== after ? `${before} → ${after}` : (after ?? before ?? '');

function changeText({ path, before, after }: FieldChange): string {
  const name = path.at(-1) ?? '';
  if (name === 'up') return `state ${stateOf(before)} → ${stateOf(after)}`;
  if (name === 'master') return masterText(before, after);
  return `${name} ${valueText(before)} → ${valueText(after)}`;
}

/** The bridge of a port changes: `moves from lan to dmz`, `joins lan`, `leaves lan`. */
function masterText(before: Json, after: Json): string {
  if (before === null) return `joins ${valueText(after)}`;
  return after === null ? `leaves ${valueText(before)}` : `moves from ${valueText(before)} to ${valueText(after)}`;
}

const stateOf = (up: Json): string => (up === true ? 'up' : 'down');

function valueText(value: Json): string {
  if (value === null || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
