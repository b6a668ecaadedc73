/// <reference lib="dom" />
import type { PageDetail } from '../detail-rows.ts';
import { textElement } from './elements.ts';

/** The fields of a resource as a table, as they are now and as they are wanted where both are known and differ. */
export function comparisonTable({ columns, rows, unchanged }: PageDetail): HTMLTableElement {
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const title of ['', ...columns]) head.append(headerCell(title, 'col'));
  const body = table.createTBody();
  for (const [name, ...values] of rows) {
    const row = body.insertRow();
    row.append(headerCell(name, 'row'));
    const styles = values.length === 1 ? [''] : ['before', 'after'];
    for (const [i, lines] of values.entries()) row.append(textElement('td', lines.join('\n'), styles[i]));
  }
  if (unchanged > 0) table.createCaption().textContent = `${unchanged} unchanged`;
  return table;
}

const headerCell = (title: string, scope: 'col' | 'row'): HTMLElement =>
  Object.assign(textElement('th', title), { scope });
