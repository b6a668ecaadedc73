/// <reference lib="dom" />
import type { ResourceDetail } from '../../model/annotated-picture.ts';
import { textElement } from './elements.ts';

/** A field's path, such as `options · id`, and its value; a list has a line for each entry. */
type FieldText = readonly [path: string, value: string];

/** The fields of a resource, as they are and as planned where both are known and differ. */
export function comparisonTable(detail: ResourceDetail): HTMLTableElement {
  const isRead = detail.found !== undefined;
  const isCompared = isRead && JSON.stringify(detail.found) !== JSON.stringify(detail.wanted);
  const found = new Map(isCompared ? fieldTexts(detail.found ?? {}, '') : []);
  const wanted = new Map(fieldTexts(detail.wanted ?? (isCompared ? {} : detail.found) ?? {}, ''));
  const keys = [...new Set([...found.keys(), ...wanted.keys()])];
  const shown = found.size > 0 && wanted.size > 0 ? keys.filter((key) => found.get(key) !== wanted.get(key)) : keys;
  const table = document.createElement('table');
  const titles = isCompared ? ['', 'now', 'planned'] : ['', isRead ? 'now, as planned' : 'planned'];
  const head = table.createTHead().insertRow();
  for (const title of titles) head.append(headerCell(title, 'col'));
  const body = table.createTBody();
  for (const key of shown) {
    const [now, then] = [found.get(key) ?? '', wanted.get(key) ?? ''];
    const row = body.insertRow();
    row.append(headerCell(key, 'row'));
    if (isCompared) row.append(textElement('td', ownLines(now, then), 'before'));
    row.append(textElement('td', isCompared ? ownLines(then, now) : then, isCompared ? 'after' : ''));
  }
  const rest = keys.length - shown.length;
  if (rest > 0) table.createCaption().textContent = `${rest} unchanged`;
  return table;
}

const headerCell = (title: string, scope: 'col' | 'row'): HTMLElement =>
  Object.assign(textElement('th', title), { scope });

function fieldTexts(value: unknown, path: string): readonly FieldText[] {
  if (value === null || typeof value !== 'object') return [[path, value === null ? '–' : String(value)]];
  if (Array.isArray(value) && value.every((one) => one === null || typeof one !== 'object'))
    return value.length === 0 ? [] : [[path, value.join('\n')]];
  return Object.entries(value).flatMap(([key, one]) => fieldTexts(one, path === '' ? key : `${path} · ${key}`));
}

/** The lines of a text that the other text has not; a text of one line as it is. */
function ownLines(text: string, other: string): string {
  if (!text.includes('\n')) return text;
  const known = new Set(other.split('\n'));
  return text
    .split('\n')
    .filter((line) => !known.has(line))
    .join('\n');
}
