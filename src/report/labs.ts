import type { Json } from '../model/json.ts';
import type { Operation, PlanLine } from '../model/operation.ts';
import { columns } from './columns.ts';
import type { Paint, Style } from './paint.ts';
import { printable } from './printable.ts';

/** A lab of this machine against what its state says. */
export type LabView = {
  readonly lab: string;
  readonly uid: string;
  /** Null: it came from standard input. */
  readonly file: string | null;
  /** ISO 8601. */
  readonly appliedAt: string;
  readonly resources: readonly ResourceView[];
  /** What is in its namespaces and not from the file. */
  readonly extras: readonly Omit<PlanLine, 'sign'>[];
};

export type ResourceView = {
  readonly id: string;
  readonly kind: string;
  readonly netns: string;
  readonly status: Status;
  readonly recorded: Json;
  readonly found: Json;
  /** From what is there to what is recorded. */
  readonly changes: Operation['changes'];
  readonly lines: readonly PlanLine[];
};

/** `foreign`: there, but without the lab's mark. `extra`: not of the lab. */
export type Status = 'ok' | 'changed' | 'missing' | 'foreign';
type Shown = Status | '?';

/** One lab with each of its resources, grouped by namespace. */
export function labText(view: LabView, paint: Paint): string {
  const extras = view.extras.map((line): Entry => ({ status: '?', line: { ...line, text: extraText(line) } }));
  const entries = [
    ...view.resources.flatMap(({ status, lines }) => lines.map((line): Entry => ({ status, line }))),
    ...extras,
  ];
  const places = [...new Set(['host', ...entries.map(({ line }) => line.netns)])];
  const grouped = new Map(places.map((netns): [string, Entry[]] => [netns, []]));
  for (const entry of entries) grouped.get(entry.line.netns)?.push(entry);
  const isShort = (lines: readonly Entry[]) =>
    grouped.size > MOST_GROUPS && lines.every(({ status }) => status === 'ok');
  const sorted = places
    .flatMap((netns) => grouped.get(netns) ?? [])
    .filter(({ line }) => !isShort(grouped.get(line.netns) ?? []));
  const rows = columns(sorted.map(({ status, line }) => [status, line.noun, line.name, line.text])).values();
  const groups = places.map((netns) => {
    const lines = grouped.get(netns) ?? [];
    if (lines.length > 0 && isShort(lines))
      return `  ${paint('bold', printable(netns))}   ${paint('green', 'ok')} ${nounsOf(lines)}\n`;
    const texts = lines.map(({ status }) => `    ${tinted(rows.next().value ?? '', status, paint)}\n`);
    return lines.length === 0 ? '' : `  ${paint('bold', printable(netns))}\n${texts.join('')}`;
  });
  return `${paint('bold', view.lab)}   ${sourceText(view)}\n\n${groups.join('')}\n${countText(view)}\n`;
}

/** In more namespaces than this, one in which everything is as recorded has one line. */
const MOST_GROUPS = 40;

const nounsOf = (lines: readonly Entry[]): string => [...new Set(lines.map(({ line }) => line.noun))].join(', ');

type Entry = { readonly status: Shown; readonly line: Omit<PlanLine, 'sign'> };

const extraText = ({ text }: Entry['line']): string => [text, 'not from the file'].filter(Boolean).join(', ');

/** All labs, one a line. */
export function labsText(views: readonly LabView[], paint: Paint): string {
  if (views.length === 0) return 'There is no lab on this machine.\n';
  const rows = views.map((view) => [view.lab, summary(view), whenText(view), view.file ?? 'standard input']);
  const [head = '', ...lines] = columns([['LAB', 'RESOURCES', 'APPLIED', 'FILE'], ...rows]);
  return [paint('bold', head), ...lines, ''].join('\n');
}

export const labJson = (view: LabView): { readonly [key: string]: Json } => ({
  ...about(view),
  resources: view.resources.map(({ netns, ...rest }) => ({ ...rest, namespace: netns })),
  extras: view.extras.map(({ netns, ...rest }) => ({ ...rest, namespace: netns })),
});

export const labsJson = (views: readonly LabView[]): { readonly [key: string]: Json } => ({ labs: views.map(about) });

/** Whether everything is as recorded. */
export const isAsRecorded = (view: LabView): boolean => view.resources.every(({ status }) => status === 'ok');

const STYLES: { readonly [status in Shown]: Style } = {
  ok: 'green',
  changed: 'yellow',
  missing: 'red',
  foreign: 'red',
  '?': 'magenta',
};

const tinted = (row: string, status: Shown, paint: Paint): string =>
  paint(STYLES[status], status) + row.slice(status.length);

const sourceText = (view: LabView): string =>
  `${printable(view.file ?? 'from standard input')}, applied ${whenText(view)}`;

const whenText = ({ appliedAt }: LabView): string => appliedAt.replace('T', ' ').replace(/:\d\d\.\d+Z$/, ' UTC');

const count = (view: LabView, status: Status): number =>
  view.resources.filter((resource) => resource.status === status).length;

function countText(view: LabView): string {
  const foreign = count(view, 'foreign') === 0 ? '' : `, ${count(view, 'foreign')} foreign`;
  const sum = `${view.resources.length} resources: ${count(view, 'ok')} ok, ${count(view, 'changed')} changed, ${count(view, 'missing')} missing${foreign}.`;
  return view.extras.length === 0 ? sum : `${sum} ${view.extras.length} in its namespaces not from the file.`;
}

function summary(view: LabView): string {
  const wrong = [count(view, 'changed') + count(view, 'foreign'), count(view, 'missing')];
  return isAsRecorded(view)
    ? `${view.resources.length}, as recorded`
    : `${view.resources.length}, ${wrong[0]} changed, ${wrong[1]} missing`;
}

const about = (view: LabView): { readonly [key: string]: Json } => ({
  lab: view.lab,
  uid: view.uid,
  file: view.file,
  appliedAt: view.appliedAt,
  asRecorded: isAsRecorded(view),
  summary: {
    ok: count(view, 'ok'),
    changed: count(view, 'changed'),
    missing: count(view, 'missing'),
    foreign: count(view, 'foreign'),
  },
});
