import { alignColumns } from '../../model/values/columns.ts';
import { padToWidth } from '../../model/values/display-width.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { appendTo, groupBy } from '../../model/values/group-by.ts';
import type { Paint, TextStyle } from './colour.ts';

/** A line about one object: the namespace it is in, its sign or status, and its columns. */
export type NamespaceLine = {
  readonly netns: string;
  readonly sign: string;
  readonly style: TextStyle;
  readonly cells: readonly string[];
};

/** `gap`: spaces behind the sign. `isFull`: lines that are the same in many namespaces stand in each of them. */
export type NamespaceGroupOptions = { readonly paint: Paint; readonly gap: number; readonly isFull: boolean };

/**
 * Lines below the name of their namespace: the host first, then the namespaces in the given order, then others. Lines that
 * are the same in more than eight namespaces are printed once, below how many these are; a namespace that then has one line
 * left stands on that line.
 */
export function namespaceGroupsText(
  lines: readonly NamespaceLine[],
  order: readonly string[],
  options: NamespaceGroupOptions,
): string {
  const width = Math.max(0, ...lines.map(({ sign }) => sign.length)) + options.gap;
  const page: GroupPage = { paint: options.paint, width };
  const { first, others } = namespaceGroups(lines, order, options.isFull);
  const runs = groupRuns(others);
  return [
    ...first.map((group) => groupText(group, page)),
    ...runs.map((run) =>
      run[0]?.isLeft === true ? shortRunText(run, page) : run.map((one) => groupText(one, page)).join(''),
    ),
  ].join('');
}

/** Lines by namespace. `first`: the host, then lines that are the same in many namespaces; `others`: one namespace each. */
export function namespaceGroups(
  lines: readonly NamespaceLine[],
  order: readonly string[],
  isFull: boolean,
): { readonly first: readonly LineGroup[]; readonly others: readonly LineGroup[] } {
  const { folded, rest } = foldGroups(groupByNamespace(lines, order), isFull);
  const isHost = ({ title }: LineGroup): boolean => title === 'host';
  return { first: [...rest.filter(isHost), ...folded], others: rest.filter((group) => !isHost(group)) };
}

/** Whether the text of these lines leaves out lines that are the same as others. */
export const isFoldable = (lines: readonly NamespaceLine[]): boolean =>
  foldGroups(groupByNamespace(lines, []), false).folded.length > 0;

/** The lines of a namespace; `isLeft`: the only one that is left of several. */
export type LineGroup = { readonly title: string; readonly lines: readonly NamespaceLine[]; readonly isLeft?: true };
type GroupPage = { readonly paint: Paint; readonly width: number };

function groupByNamespace(lines: readonly NamespaceLine[], order: readonly string[]): readonly LineGroup[] {
  const groups = new Map<string, NamespaceLine[]>(['host', ...order].map((netns) => [netns, []]));
  for (const line of lines) appendTo(groups, line.netns, line);
  return [...groups].map(([title, members]) => ({ title, lines: members }));
}

/** Lines that are the same in more namespaces than this are printed once. */
const MANY_NAMESPACES = 8;

function foldGroups(
  groups: readonly LineGroup[],
  isFull: boolean,
): { readonly folded: readonly LineGroup[]; readonly rest: readonly LineGroup[] } {
  const places = groupBy(
    isFull ? [] : groups.filter(({ title }) => title !== 'host').flatMap(({ lines }) => lines),
    lineKey,
  );
  const alike = new Map([...places].filter(([, some]) => namesOf(some).length > MANY_NAMESPACES));
  const byNames = groupBy([...alike.values()], (some) => namesOf(some).join(' '));
  const all = groups.flatMap(({ title }) => (title === 'host' ? [] : title));
  const folded = [...byNames.values()].map((same): LineGroup => {
    const names = namesOf(same[0] ?? []);
    return { title: titleOf(names, all), lines: same.flatMap(([first]) => first ?? []) };
  });
  const rest = groups.flatMap((group): readonly LineGroup[] => {
    const left = group.title === 'host' ? group.lines : group.lines.filter((line) => !alike.has(lineKey(line)));
    if (left.length === 0) return [];
    return left.length === group.lines.length
      ? [group]
      : [{ title: group.title, lines: left, ...(left.length === 1 ? { isLeft: true } : {}) }];
  });
  return { folded, rest };
}

const lineKey = ({ sign, cells }: NamespaceLine): string => JSON.stringify([sign, ...cells]);

const namesOf = (lines: readonly NamespaceLine[]): readonly string[] => [...new Set(lines.map(({ netns }) => netns))];

/** So many names are written before `and 56 more`. */
const NAMES_SHOWN = 4;

/** `all 60 namespaces`, `60 namespaces, all but h61`, or `60 namespaces: h01, h02, h03, h04 and 56 more`. */
function titleOf(names: readonly string[], all: readonly string[]): string {
  const known = new Set(names);
  const others = all.filter((name) => !known.has(name));
  if (others.length === 0) return `all ${names.length} namespaces`;
  if (others.length <= NAMES_SHOWN) return `${names.length} namespaces, all but ${others.join(', ')}`;
  const more = names.length - NAMES_SHOWN;
  return `${names.length} namespaces: ${names.slice(0, NAMES_SHOWN).join(', ')} and ${more} more`;
}

/** Groups of one line each that follow each other are aligned together. */
function groupRuns(groups: readonly LineGroup[]): readonly (readonly LineGroup[])[] {
  const runs: LineGroup[][] = [];
  for (const group of groups) {
    const last = runs.at(-1);
    if (last !== undefined && last[0]?.isLeft === group.isLeft) last.push(group);
    else runs.push([group]);
  }
  return runs;
}

const groupText = ({ title, lines }: LineGroup, { paint, width }: GroupPage): string => {
  const rows = alignColumns(
    lines.map(({ cells }) => cells),
    COLUMNS,
  );
  const texts = lines.map((line, i) => `    ${signText(line, paint, width)}${rows[i] ?? ''}`.trimEnd());
  return [`  ${paint('bold', escapeControl(title))}`, ...texts, ''].join('\n');
};

/** `h01   + address   eth0   10.0.0.1/24`. */
function shortRunText(run: readonly LineGroup[], { paint, width }: GroupPage): string {
  const rows = alignColumns(
    run.map(({ lines }) => lines[0]?.cells ?? []),
    COLUMNS,
  );
  const widest = Math.max(...run.map(({ title }) => escapeControl(title).length));
  return run
    .map(({ title, lines: [line] }, i) => {
      const name = escapeControl(title);
      const space = padToWidth(name, widest + 3).slice(name.length);
      return line === undefined
        ? ''
        : `  ${paint('bold', name)}${space}${signText(line, paint, width)}${rows[i] ?? ''}\n`;
    })
    .join('');
}

/** On 80 columns a name of more than 20 leaves no room for what is said of it. */
const COLUMNS = { widest: 20 };

const signText = ({ sign, style }: NamespaceLine, paint: Paint, width: number): string =>
  `${paint(style, sign)}${' '.repeat(width - sign.length)}`;
