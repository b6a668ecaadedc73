import type { UnmanagedRole } from '../../model/kind.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { OperationView, PlanView } from '../../model/results/plan-view.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { NO_MARK } from '../../model/values/object-phrase.ts';
import { type Paint, STYLE_OF_SIGN } from './colour.ts';
import { isFoldable, type NamespaceLine, namespaceGroupsText } from './namespace-groups.ts';

/**
 * How many lines of a plan do what. `unmanaged`: objects that are not in the file and are kept. `byHand`: lines that repair
 * drift, or change an object that has drifted. `adopt`: objects that are adopted; one whose mark alone changes is not
 * counted as a change.
 */
export type PlanCounts = {
  readonly add: number;
  readonly change: number;
  readonly replace: number;
  readonly delete: number;
  readonly byHand: number;
  readonly adopt: number;
  readonly unmanaged: number;
};

/** How a plan is printed. `isFull`: lines that are the same in many namespaces stand in each of them. */
export type PlanTextOptions = { readonly paint: Paint; readonly isFull: boolean };

/** The plan for a person: a group per namespace with a line per change, then the counts. */
export function planText(
  view: PlanView,
  verb: 'plan' | 'apply' | 'destroy',
  { paint, isFull }: PlanTextOptions,
): string {
  const lines = planLines(view);
  const header = paint('bold', `netform ${verb} ${escapeControl(view.file)}`);
  const counts = planCounts(view);
  const groups = namespaceGroupsText(lines, view.order.namespaces, { paint, gap: 1, isFull });
  const body = lines.length === 0 ? '' : `${groups}\n`;
  const sum = hasChanges(view)
    ? countsText(counts) + leavingText(view)
    : `Nothing to do.${unmanagedText(counts.unmanaged)}`;
  const rest = !isFull && verb !== 'destroy' && isFoldable(lines) ? 'netform plan --full shows each line.\n' : '';
  return `${header}\n\n${body}${rest}${sum}\n`;
}

/** Whether the plan changes anything. */
export const hasChanges = (view: PlanView): boolean =>
  view.described.length > 0 || (view.fate === 'pruned' && view.extras.some(({ role }) => role === undefined));

/** The counts that a plan ends with. */
export function planCounts(view: Pick<PlanView, 'described' | 'extras' | 'fate'>): PlanCounts {
  const signs = view.described.flatMap(({ lines }) => lines.map((line) => line.sign));
  const count = (sign: PlanLine['sign']) => signs.filter((each) => each === sign).length;
  const countLines = (isCounted: (one: OperationView) => boolean) =>
    view.described.reduce((sum, one) => sum + (isCounted(one) ? one.lines.length : 0), 0);
  const withRole = (wanted: UnmanagedRole | undefined) => view.extras.filter(({ role }) => role === wanted).length;
  const marked = countLines(({ operation, isMarkOnly }) => operation.takenFrom !== undefined && isMarkOnly === true);
  const pruned = view.fate === 'pruned' ? withRole(undefined) : 0;
  return {
    add: count('+'),
    change: count('~') - marked,
    replace: count('±'),
    delete: count('-') + pruned,
    byHand: countLines(({ operation }) => operation.takenFrom === undefined && driftText(operation) !== ''),
    adopt: view.described.filter(({ operation }) => operation.takenFrom !== undefined).length,
    unmanaged: withRole(undefined) + withRole('attached') - pruned,
  };
}

/** ` 2 unmanaged objects are kept (--prune deletes them).`; empty when there are none. */
export const unmanagedText = (count: number): string =>
  count === 0
    ? ''
    : ` ${count} unmanaged ${count === 1 ? 'object is' : 'objects are'} kept (--prune deletes ${count === 1 ? 'it' : 'them'}).`;

/** ` 2 unmanaged objects are deleted with their namespaces. 1 program keeps running.`; empty when there are none. */
function leavingText({ extras }: Pick<PlanView, 'extras'>): string {
  const leaving = extras.filter(({ role }) => role === 'leaving').length;
  const running = extras.filter(({ role }) => role === 'running').length;
  return [
    leaving === 0
      ? ''
      : ` ${leaving} unmanaged ${leaving === 1 ? 'object is' : 'objects are'} deleted with ${leaving === 1 ? 'its namespace' : 'their namespaces'}.`,
    running === 0
      ? ''
      : ` ${running} ${running === 1 ? 'program runs' : 'programs run'} in a namespace that is deleted.`,
  ].join('');
}

/** `Plan: 2 to add, 1 to change, 0 to replace, 0 to delete.`, with what else there is to count. */
export function countsText(counts: PlanCounts): string {
  const { byHand, adopt, unmanaged } = counts;
  const sum = `Plan: ${counts.add} to add, ${counts.change} to change, ${counts.replace} to replace, ${counts.delete} to delete.`;
  const more = [
    byHand === 0
      ? ''
      : byHand === 1
        ? ' 1 of these undoes a change by hand.'
        : ` ${byHand} of these undo changes by hand.`,
    adopt === 0 ? '' : ` ${adopt} adopted.`,
    unmanagedText(unmanaged),
  ];
  return sum + more.join('');
}

/** `veth red/eth0` for the id `veth:red/eth0`; `veth eth0` below the namespace red; `bridge lan` for `bridge:host/lan`. */
function readableId(id: string, netns: string): string {
  const text = id.replace(':', ' ');
  return [netns, 'host'].reduce((rest, place) => rest.replace(` ${place}/`, ' '), text);
}

/** Every line of a plan in the order in which it is shown, with remarks: who changed it by hand, why it is there. */
export const planLines = (view: PlanView): readonly NamespaceLine[] => remarkedLines(view).map(toNamespaceLine);

const remarkedLines = (view: PlanView): readonly PlanLine[] => [
  ...sortForDisplay(view).flatMap(({ operation, lines }) =>
    lines.map((line, i) => ({ ...line, text: joinTexts([line.text, ...operationRemarks(operation, line, i)]) })),
  ),
  ...view.extras.map((line): PlanLine => {
    const isDeleted = line.role === 'leaving' || (view.fate === 'pruned' && line.role === undefined);
    return { ...line, sign: isDeleted ? '-' : '?', text: unmanagedRemark(line) };
  }),
];

function unmanagedRemark({ text, role, netns }: PlanView['extras'][number]): string {
  if (role === 'running') return text;
  if (role === 'setting') return joinTexts([text, 'stays as it is']);
  return joinTexts([text, 'unmanaged', role === 'leaving' ? `deleted with netns ${netns}` : '']);
}

const joinTexts = (texts: readonly string[]): string => texts.filter(Boolean).join(', ');

/** By kind, and those of a kind as `show` has them. */
const sortForDisplay = ({ described, order }: PlanView): readonly OperationView[] =>
  [...described].sort(
    (a, b) =>
      order.kinds.indexOf(a.operation.kind) - order.kinds.indexOf(b.operation.kind) || (a.place ?? 0) - (b.place ?? 0),
  );

function operationRemarks(operation: Operation, line: PlanLine, index: number): readonly string[] {
  const { takenBy, takenFrom, note, action } = operation;
  const verb = action === 'replace' ? 're-created' : 'deleted';
  return [
    takenBy === null ? '' : `${verb} with ${readableId(takenBy, line.netns)}`,
    takenFrom === undefined
      ? driftRemark(operation, line)
      : index > 0
        ? ''
        : takenFrom === NO_MARK
          ? 'adopted'
          : `adopted (${takenFrom})`,
    operation.givenBack && index === 0 ? 'restored' : '',
    note === null || index > 0 || line.text.includes(note) ? '' : note,
  ];
}

/** The drift of a line, or empty when its text already mentions it. */
const driftRemark = (operation: Operation, line: PlanLine): string =>
  line.text.includes('by hand') ? '' : driftText(operation);

/** The drift since the lab was applied; for an object that the file changes too, the fields that drifted. */
function driftText({ cause, action, byHand = [] }: Operation): string {
  if (cause === 'drift') return action === 'create' ? 'was removed by hand' : 'changed by hand';
  const what = new Set(byHand.map(({ path }) => path.at(-1) ?? ''));
  return what.size === 0 ? '' : `changed by hand: ${[...what].join(', ')}`;
}

const toNamespaceLine = ({ netns, sign, noun, name, text }: PlanLine): NamespaceLine => ({
  netns,
  sign,
  style: STYLE_OF_SIGN[sign],
  cells: [noun, name, text],
});
