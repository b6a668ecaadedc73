import { type Absence, figure, type Results } from './results.ts';
import { TARGETS, type Target } from './targets.ts';

/** What was measured, where and when. */
export type BenchEnvironment = {
  readonly date: string;
  readonly commit: string;
  readonly kernel: string;
  readonly machine: string;
  readonly node: string;
  readonly runs: number;
};

export const BEGIN = '<!-- begin: written by npm run bench -->';
export const END = '<!-- end: written by npm run bench -->';

/** The table for docs/performance.md, between its markers. */
export function section(about: BenchEnvironment, results: Results): string {
  return [
    BEGIN,
    '',
    `Measured on ${about.date}, commit ${about.commit}: ${about.machine}, Linux ${about.kernel}, Node ${about.node};`,
    `medians of ${about.runs} runs after one that does not count, fewer where the notes say so.`,
    `× is netform's time divided by the one before it; peak is netform's memory.`,
    '',
    ...table(results),
    '',
    ...targetTable(results),
    '',
    ...notes(results, about.runs),
    END,
  ].join('\n');
}

/** The page with the section in the place of the one that is there. Throws when the page has no markers. */
export function withSection(page: string, text: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no ${BEGIN} … ${END}`);
  return page.slice(0, from) + text + page.slice(to + END.length);
}

/** The time of each contender in each row, netform's as a multiple (×) of it, and netform's peak memory. */
export function table(results: Results): readonly string[] {
  const names = [...new Set(results.cells.map(({ contender }) => contender))];
  const rows = [...new Map(results.cells.map((cell) => [`${cell.case} ${cell.size} ${cell.label}`, cell])).values()];
  const first = names[0] ?? '';
  return aligned([
    ['case', 'size', 'what', ...names.flatMap((name, i) => (i === 0 ? [name, 'peak'] : [name, '×']))],
    ...rows.map((row) => [
      row.case,
      row.size.toLocaleString('en'),
      row.label.replaceAll('-', ' '),
      ...names.flatMap((contender, i) => {
        const own = figure(results, { ...row, contender: first });
        const other = figure(results, { ...row, contender });
        const peak = figure(results, { ...row, contender }, 'peakKib');
        if (i === 0) return [time(other), peak === null ? '' : `${Math.round((peak * 1024) / 1e6)} MB`];
        return [time(other), own && other ? (own / other).toFixed(2) : ''];
      }),
    ]),
  ]);
}

/** Each target with what came of it. */
export function targetTable(results: Results): readonly string[] {
  const rows = TARGETS.filter(({ row }) => figure(results, { ...row, contender: 'netform' }) !== null);
  if (rows.length === 0) return [];
  return aligned([
    ['case', 'size', 'what', 'target', 'used of it', 'verdict'],
    ...rows.map((target) => [
      target.row.case,
      target.row.size.toLocaleString('en'),
      target.row.label.replaceAll('-', ' '),
      target.text,
      ...verdict(target.used(results)),
    ]),
  ]);
}

/** Fewer runs than the others had, and who is missing why. */
export function notes({ cells, absences }: Results, runs: number): readonly string[] {
  const few = new Map<string, string>();
  for (const { case: name, size, contender, samples } of cells)
    if (samples.length < runs)
      few.set(`${name} ${size} ${contender}`, `- ${contender}, ${name} ${size}: ${samples.length} of ${runs} runs`);
  return [...few.values(), ...absences.map(absenceText)].flatMap((line, i, all) =>
    i === all.length - 1 ? [line, ''] : [line],
  );
}

export const absenceText = ({ case: name, size, contender, reason }: Absence): string =>
  `- ${contender}, ${name} ${size}: ${reason}`;

const verdict = (used: ReturnType<Target['used']>): readonly [string, string] => {
  if (used === null) return ['', 'not measured'];
  return [`${Math.round(used * 100)} %`, used <= 1 ? 'met' : '**missed**'];
};

function time(ms: number | null): string {
  if (ms === null) return '';
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** A Markdown table whose columns stand below each other as text, too. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(3, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, i) => (i === 0 || i === 2 ? (row[i] ?? '').padEnd(width) : (row[i] ?? '').padStart(width))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 || i === 2 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [head, ...body] = rows;
  return head ? [line(head), rule, ...body.map(line)] : [];
}
