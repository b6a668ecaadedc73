import type { Json } from '../../model/json.ts';
import type { PlanLine } from '../../model/operation.ts';
import type { LabView, ResourceStatus } from '../../model/results/lab-view.ts';
import { alignColumns } from '../../model/values/columns.ts';
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

const unmanagedLineText = ({ text }: LabLine): string => [text, 'unmanaged'].filter(Boolean).join(', ');

/** All labs, one per line. */
export function labsText(views: readonly LabView[], paint: Paint): string {
  if (views.length === 0) return 'There is no lab on this machine.\n';
  const rows = views.map((view) => [view.lab, summaryText(view), whenText(view), view.file ?? 'standard input']);
  const [head = '', ...lines] = alignColumns([['LAB', 'RESOURCES', 'APPLIED', 'FILE'], ...rows]);
  return [paint('bold', head), ...lines, ''].join('\n');
}

/** One lab with each of its resources and unmanaged objects, as data. */
export const labJson = (view: LabView): { readonly [key: string]: Json } => ({
  ...labSummaryJson(view),
  resources: view.resources.map(({ netns, ...rest }) => ({ ...rest, namespace: netns })),
  extras: view.extras.map(({ netns, role: _role, ...rest }) => ({ ...rest, namespace: netns })),
});

/** A summary of each lab, as data. */
export const labsJson = (views: readonly LabView[]): { readonly [key: string]: Json } => ({
  labs: views.map(labSummaryJson),
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

const sourceText = (view: LabView): string =>
  `${escapeControl(view.file ?? 'from standard input')}, applied ${whenText(view)}`;

const whenText = ({ appliedAt }: LabView): string => appliedAt.replace('T', ' ').replace(/:\d\d\.\d+Z$/, ' UTC');

const countStatus = (view: LabView, status: ResourceStatus): number =>
  view.resources.filter((resource) => resource.status === status).length;

function countText(view: LabView): string {
  const foreign = countStatus(view, 'foreign') === 0 ? '' : `, ${countStatus(view, 'foreign')} foreign`;
  const sum = `${view.resources.length} resources: ${countStatus(view, 'ok')} ok, ${countStatus(view, 'changed')} changed, ${countStatus(view, 'missing')} missing${foreign}.`;
  return view.extras.length === 0 ? sum : `${sum} ${view.extras.length} unmanaged in its namespaces or on its bridges.`;
}

function summaryText(view: LabView): string {
  const wrong = [countStatus(view, 'changed') + countStatus(view, 'foreign'), countStatus(view, 'missing')];
  return isInSync(view)
    ? `${view.resources.length}, as recorded`
    : `${view.resources.length}, ${wrong[0]} changed, ${wrong[1]} missing`;
}

const labSummaryJson = (view: LabView): { readonly [key: string]: Json } => ({
  lab: view.lab,
  uid: view.uid,
  file: view.file,
  appliedAt: view.appliedAt,
  asRecorded: isInSync(view),
  summary: {
    ok: countStatus(view, 'ok'),
    changed: countStatus(view, 'changed'),
    missing: countStatus(view, 'missing'),
    foreign: countStatus(view, 'foreign'),
  },
});
