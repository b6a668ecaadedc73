import type { Json } from '../../model/json.ts';
import type { PlanLine } from '../../model/operation.ts';
import type { LabView, ResourceStatus } from '../../model/results/lab-view.ts';
import { alignColumns } from '../../model/values/columns.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import type { Paint, TextStyle } from './colour.ts';

type LabLineStatus = ResourceStatus | '?';

/** One lab with each of its resources, grouped by namespace. */
export function labText(view: LabView, paint: Paint): string {
  const extras = view.extras.map(
    (line): LabLine => ({ status: '?', line: { ...line, text: unmanagedLineText(line) } }),
  );
  const entries = [
    ...view.resources.flatMap(({ status, lines }) => lines.map((line): LabLine => ({ status, line }))),
    ...extras,
  ];
  const places = [...new Set(['host', ...entries.map(({ line }) => line.netns)])];
  const grouped = new Map(places.map((netns): [string, LabLine[]] => [netns, []]));
  for (const entry of entries) grouped.get(entry.line.netns)?.push(entry);
  const isShort = (lines: readonly LabLine[]) =>
    grouped.size > MOST_GROUPS && lines.every(({ status }) => status === 'ok');
  const sorted = places
    .flatMap((netns) => grouped.get(netns) ?? [])
    .filter(({ line }) => !isShort(grouped.get(line.netns) ?? []));
  const rows = alignColumns(sorted.map(({ status, line }) => [status, line.noun, line.name, line.text])).values();
  const groups = places.map((netns) => {
    const lines = grouped.get(netns) ?? [];
    if (lines.length > 0 && isShort(lines))
      return `  ${paint('bold', escapeControl(netns))}   ${paint('green', 'ok')} ${nounsOf(lines)}\n`;
    const texts = lines.map(({ status }) => `    ${colourStatus(rows.next().value ?? '', status, paint)}\n`);
    return lines.length === 0 ? '' : `  ${paint('bold', escapeControl(netns))}\n${texts.join('')}`;
  });
  return `${paint('bold', view.lab)}   ${sourceText(view)}\n\n${groups.join('')}\n${countText(view)}\n`;
}

/** A lab with more namespaces than this has one line for each in which everything is as recorded. */
const MOST_GROUPS = 40;

const nounsOf = (lines: readonly LabLine[]): string => [...new Set(lines.map(({ line }) => line.noun))].join(', ');

type LabLine = { readonly status: LabLineStatus; readonly line: Omit<PlanLine, 'sign'> };

const unmanagedLineText = ({ text }: LabLine['line']): string => [text, 'unmanaged'].filter(Boolean).join(', ');

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

const colourStatus = (row: string, status: LabLineStatus, paint: Paint): string =>
  paint(STYLES[status], status) + row.slice(status.length);

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
