import type { Json } from '../../model/json.ts';
import type { PlanLine } from '../../model/operation.ts';
import type { LabList, LabView, ResourceStatus } from '../../model/results/lab-view.ts';
import { alignColumns } from '../../model/values/columns.ts';
import { displayWidth } from '../../model/values/display-width.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import type { Paint, TextStyle } from './colour.ts';
import { isFoldable, type NamespaceLine, namespaceGroupsText } from './namespace-groups.ts';

type LabLineStatus = ResourceStatus | '?';

/** How a lab is printed. `isFull`: lines that are the same in many namespaces stand in each of them. */
export type LabTextOptions = { readonly paint: Paint; readonly isFull: boolean };

/** One lab with each of its resources, grouped by namespace. */
export function labText(view: LabView, { paint, isFull }: LabTextOptions): string {
  const lines = [
    ...view.resources.flatMap(({ status, lines: own }) => own.map((line) => toNamespaceLine(status, line))),
    ...view.extras.map((line) => toNamespaceLine('?', { ...line, text: unmanagedLineText(line) })),
  ];
  const groups = namespaceGroupsText(lines, [], { paint, gap: 3, isFull });
  const rest = !isFull && isFoldable(lines) ? 'netform show --full shows each line.\n' : '';
  return `${paint('bold', view.lab)}   ${sourceText(view)}\n\n${groups}\n${rest}${countText(view)}\n`;
}

type LabLine = Omit<PlanLine, 'sign'>;

const toNamespaceLine = (status: LabLineStatus, { netns, noun, name, text }: LabLine): NamespaceLine => ({
  netns,
  sign: status,
  style: STYLES[status],
  cells: [noun, name, text],
});

const unmanagedLineText = ({ text, role }: LabView['extras'][number]): string =>
  [text, role === 'setting' ? 'stays as it is' : 'unmanaged'].filter(Boolean).join(', ');

/**
 * All labs, one per line, and the runs that were rolled back. Where a line is wider than `width` columns, the files stand on
 * lines of their own.
 */
export function labsText({ labs, rolledBack }: LabList, { paint, width }: LabsTextOptions): string {
  const notes = rolledBack.map(({ lab, message }) => `${escapeControl(`${lab}: ${message}`)}\n`).join('');
  if (labs.length === 0) return `There is no lab on this machine.\n${notes}`;
  const rows = labs.map((view) => [view.lab, summaryText(view), whenText(view)]);
  const files = labs.map(fileText);
  const [head = '', ...lines] = alignColumns([
    ['LAB', 'RESOURCES', 'APPLIED', 'FILE'],
    ...rows.map((row, i) => [...row, files[i] ?? '']),
  ]);
  if (lines.every((line) => displayWidth(line) <= width)) return tableText([paint('bold', head), ...lines], notes);
  const [narrowHead = '', ...narrow] = alignColumns([['LAB', 'RESOURCES', 'APPLIED'], ...rows]);
  return tableText(
    [paint('bold', narrowHead), ...narrow.flatMap((line, i) => [line, `  ${escapeControl(files[i] ?? '')}`])],
    notes,
  );
}

/** How a list of labs is printed: `width` is in columns of a terminal. */
export type LabsTextOptions = { readonly paint: Paint; readonly width: number };

const tableText = (lines: readonly string[], notes: string): string =>
  `${lines.join('\n')}\n${notes === '' ? '' : `\n${notes}`}`;

/** One lab with each of its resources and unmanaged objects, as data. */
export const labJson = (view: LabView): { readonly [key: string]: Json } => ({
  ...labSummaryJson(view),
  resources: view.resources.map(({ netns, ...rest }) => ({ ...rest, namespace: netns })),
  extras: view.extras.map(({ netns, role: _role, ...rest }) => ({ ...rest, namespace: netns })),
});

/** A summary of each lab and the runs that were rolled back, as data. */
export const labsJson = ({ labs, rolledBack }: LabList): { readonly [key: string]: Json } => ({
  labs: labs.map(labSummaryJson),
  rolledBack,
});

/** Whether everything is as recorded. */
export const isInSync = (view: LabView): boolean => view.resources.every(({ status }) => status === 'ok');

const STYLES: { readonly [status in LabLineStatus]: TextStyle } = {
  ok: 'green',
  changed: 'yellow',
  missing: 'red',
  foreign: 'red',
  '?': 'magenta',
};

const sourceText = (view: LabView): string => `${escapeControl(fileText(view))}, applied ${whenText(view)}`;

const fileText = ({ file, isFileMissing }: LabView): string =>
  file === null ? 'from standard input' : `${file}${isFileMissing ? ' (moved or deleted)' : ''}`;

const whenText = ({ appliedAt }: LabView): string => appliedAt.replace('T', ' ').replace(/:\d\d\.\d+Z$/, ' UTC');

const countStatus = (view: LabView, status: ResourceStatus): number =>
  view.resources.filter((resource) => resource.status === status).length;

function countText(view: LabView): string {
  const counts = STATUSES.filter((status) => status !== 'foreign' || countStatus(view, status) > 0);
  const sum = `${view.resources.length} resources: ${counts.map((status) => statusText(view, status)).join(', ')}.`;
  const unmanaged = view.extras.filter(({ role }) => role !== 'setting').length;
  return unmanaged === 0 ? sum : `${sum} ${unmanaged} unmanaged in its namespaces or on its bridges.`;
}

const summaryText = (view: LabView): string =>
  [
    view.resources.length,
    ...(isInSync(view)
      ? ['as recorded']
      : STATUSES.filter((status) => status !== 'ok' && countStatus(view, status) > 0).map((status) =>
          statusText(view, status),
        )),
  ].join(', ');

const STATUSES: readonly ResourceStatus[] = ['ok', 'changed', 'missing', 'foreign'];

const statusText = (view: LabView, status: ResourceStatus): string => `${countStatus(view, status)} ${status}`;

const labSummaryJson = (view: LabView): { readonly [key: string]: Json } => ({
  lab: view.lab,
  uid: view.uid,
  file: view.file,
  appliedAt: view.appliedAt,
  asRecorded: isInSync(view),
  fileExists: view.file === null ? null : view.isFileMissing !== true,
  summary: {
    ok: countStatus(view, 'ok'),
    changed: countStatus(view, 'changed'),
    missing: countStatus(view, 'missing'),
    foreign: countStatus(view, 'foreign'),
  },
});
