/// <reference lib="dom" />
import type { PageDetail } from '../detail-rows.ts';
import type { PagePart } from '../page-parts.ts';
import { comparisonTable } from './comparison-table.ts';
import { textElement } from './elements.ts';
import type { BrowserPageData } from './page-data.ts';

/** A table with fewer rows is open from the start. */
const SHORT_TABLE = 10;

/** Writes what is known of a part into an element. Only text is written, never markup. */
export function renderDetails(target: HTMLElement, part: PagePart, data: BrowserPageData): void {
  const ids = new Set(part.ids);
  const details = data.details
    .filter(({ id }) => ids.has(id))
    .sort((a, b) => Number(b.word !== null) - Number(a.word !== null));
  const extras = data.extras.filter(({ netns }) => part.id === `netns:${netns}` || part.id === netns);
  const title = textElement('h2', part.name);
  title.append(...badges(part.word, data));
  target.replaceChildren(title, textElement('p', [part.sort, part.about].filter(Boolean).join(' · '), 'soft'));
  target.append(...details.map((detail) => resourceSection(detail, data)));
  if (details.length === 0) target.append(textElement('p', 'It has no resources of its own.', 'soft'));
  for (const { text } of extras) target.append(textElement('p', `? ${text}: unmanaged, not in the topology`, 'change'));
}

function resourceSection(detail: PageDetail, data: BrowserPageData): HTMLElement {
  const section = document.createElement('details');
  const table = comparisonTable(detail);
  section.open = detail.word !== null || table.rows.length < SHORT_TABLE;
  const summary = document.createElement('summary');
  summary.append(textElement('code', detail.id), ...badges(detail.word, data));
  section.append(summary);
  for (const line of detail.lines) section.append(textElement('p', line, 'change'));
  if (detail.note !== null) section.append(textElement('p', detail.note, 'soft'));
  if (detail.source !== null) section.append(sourceLine(detail.source));
  if (detail.rows.length > 0) section.append(table);
  return section;
}

function sourceLine({ line, text }: { readonly line: number; readonly text: string }): HTMLElement {
  const paragraph = textElement('p', `line ${line} `, 'source');
  paragraph.append(textElement('code', text));
  return paragraph;
}

const badges = (word: string | null, { statuses }: BrowserPageData): readonly HTMLElement[] =>
  word === null ? [] : [textElement('span', statuses[word] ?? word, `badge ${word}`)];
