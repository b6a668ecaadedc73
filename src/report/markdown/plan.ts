import type { PlanView } from '../../model/results/plan-view.ts';
import { alignColumns } from '../../model/values/columns.ts';
import { planJson } from '../json/plan.ts';
import { type LineGroup, namespaceGroups } from '../text/namespace-groups.ts';
import { hasChanges, planCounts, planLines } from '../text/plan.ts';
import { byteLength, clipBytes, codeSpan, htmlText } from './escape.ts';
import { commentMark } from './mark.ts';
import { createMarkdownPage } from './page.ts';
import { riskLines } from './risks.ts';

/** `findings`: warnings about the topology, as lines. `netform`: the version of the program. */
export type PlanMarkdownOptions = {
  readonly findings: readonly string[];
  readonly netform: string;
  readonly isFull: boolean;
  readonly maxBytes: number;
};

/**
 * A plan as a comment on a merge request: counts, risks, warnings, then one fold per namespace. Never longer than
 * `maxBytes`; what does not fit is counted at the end. The same file on the same machine gives the same text.
 */
export function planMarkdown(view: PlanView, options: PlanMarkdownOptions): string {
  const head = `${commentMark(view.file)}\n### netform plan: lab ${codeSpan(view.plan.lab)}\n\n${countsTable(view)}`;
  const foot = footLine(view, options.netform);
  const room = options.maxBytes - byteLength(`${head}\n${foot}`) - MORE_BYTES;
  const page = createMarkdownPage(room);
  page.addLines('**Look at these first**', riskLines(view));
  if (options.findings.length > 0)
    page.addBlock(options.findings, { before: '', after: '', language: 'text' }, Math.floor(room / WARNINGS_SHARE));
  const { first, others } = namespaceGroups(planLines(view), view.order.namespaces, options.isFull);
  const groups = [...first, ...others];
  const isOpen = groups.reduce((sum, { lines }) => sum + lines.length, 0) <= MOST_OPEN_LINES;
  let left = 0;
  for (const group of groups) left += page.addBlock(groupLines(group), { ...fold(group, isOpen), language: 'diff' });
  const nothing = hasChanges(view) ? '' : '\nNothing to do.\n';
  const more = left === 0 ? '' : `\nAnd ${left} more ${left === 1 ? 'line' : 'lines'}: \`netform plan\` prints all.\n`;
  return `${head}${nothing}${page.text()}${more}\n${foot}`;
}

/** Warnings take at most one part in so many of the room. */
const WARNINGS_SHARE = 3;
/** Folds are open where all of them together have at most so many lines. */
const MOST_OPEN_LINES = 20;
/** Room for what follows the last fold that fits. */
const MORE_BYTES = 100;

function countsTable(view: PlanView): string {
  const { add, change, replace, delete: deleted, byHand, adopt, unmanaged } = planCounts(view);
  const columns = [
    ['add', add],
    ['change', change],
    ['replace', replace],
    ['delete', deleted],
    ['by hand', byHand],
    ['adopt', adopt],
    ['unmanaged', unmanaged],
  ];
  const row = (cells: readonly unknown[]): string => `| ${cells.join(' | ')} |\n`;
  return row(columns.map(([name]) => name)) + row(columns.map(() => '---:')) + row(columns.map(([, count]) => count));
}

function footLine(view: PlanView, netform: string): string {
  const { planId, digest } = planJson(view, netform);
  const facts = [`plan ${planId}`, ...(digest === null ? [] : [`topology ${digest}`]), `netform ${netform}`];
  const host = view.facts()?.host;
  const machine = host ? ` on ${codeSpan(clipBytes(host.name, MAX_MACHINE_BYTES))}` : '';
  return `<sub>${facts.join(', ')}</sub>${machine}\n`;
}

const MAX_MACHINE_BYTES = 100;

/** The lines of one namespace, each with its sign at the beginning, where a diff has it. */
function groupLines({ lines }: LineGroup): readonly string[] {
  const rows = alignColumns(lines.map(({ cells }) => cells));
  return lines.map(({ sign }, i) => `${sign} ${rows[i] ?? ''}`.trimEnd());
}

function fold({ title, lines }: LineGroup, isOpen: boolean): { readonly before: string; readonly after: string } {
  const count = `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`;
  const name = htmlText(clipBytes(title, MAX_TITLE_BYTES));
  return {
    before: `<details${isOpen ? ' open' : ''}><summary><code>${name}</code>: ${count}</summary>\n\n`,
    after: '\n</details>\n',
  };
}

const MAX_TITLE_BYTES = 300;
