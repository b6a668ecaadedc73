/// <reference lib="dom" />
import type { ResourceDetail } from '../model/annotated-picture.ts';
import type { PagePart } from './page-parts.ts';

/** What the page knows. `changes`: what the words are about. */
export type BrowserPageData = {
  readonly parts: readonly PagePart[];
  readonly details: readonly ResourceDetail[];
  readonly extras: readonly { readonly netns: string; readonly text: string }[];
  readonly signs: { readonly [word: string]: string };
};

/**
 * Writes what is known of a part into an element. Runs in the browser: its text goes into the page, so that it may use
 * nothing from outside of itself. Only text is written, never markup.
 */
export function renderDetails(target: HTMLElement, part: PagePart, data: BrowserPageData): void {
  const element = (name: string, text: string, style = '') => {
    const made = document.createElement(name);
    made.textContent = text;
    if (style !== '') made.className = style;
    return made;
  };
  const badge = (word: string | null) =>
    word === null ? [] : [element('span', `${data.signs[word] ?? ''} ${word}`, `badge ${word}`)];
  const flat = (value: unknown, path: string): (readonly [string, string])[] => {
    if (value === null || typeof value !== 'object') return [[path, value === null ? '–' : String(value)]];
    if (Array.isArray(value) && value.every((one) => one === null || typeof one !== 'object')) {
      return value.length === 0 ? [] : [[path, value.join('\n')]];
    }
    return Object.entries(value).flatMap(([key, one]) => flat(one, path === '' ? key : `${path} · ${key}`));
  };
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  /** The lines of the one that the other has not; all of it when it is one line. */
  const less = (one: string, other: string) => {
    const known = new Set(other.split('\n'));
    return one.includes('\n')
      ? one
          .split('\n')
          .filter((line) => !known.has(line))
          .join('\n')
      : one;
  };
  const table = (detail: ResourceDetail) => {
    const isRead = detail.found !== undefined;
    const sides = isRead && !same(detail.found, detail.wanted);
    const found = new Map(sides ? flat(detail.found ?? {}, '') : []);
    const wanted = new Map(flat(detail.wanted ?? (sides ? {} : detail.found) ?? {}, ''));
    const made = document.createElement('table');
    const head = made.createTHead().insertRow();
    const titles = sides ? ['', 'now', 'shall be'] : ['', isRead ? 'now, as it shall be' : 'shall be'];
    for (const title of titles) head.append(Object.assign(element('th', title), { scope: 'col' }));
    const body = made.createTBody();
    const keys = [...new Set([...found.keys(), ...wanted.keys()])];
    const shown = found.size > 0 && wanted.size > 0 ? keys.filter((key) => found.get(key) !== wanted.get(key)) : keys;
    for (const key of shown) {
      const row = body.insertRow();
      row.append(Object.assign(element('th', key), { scope: 'row' }));
      const [now, then] = [found.get(key) ?? '', wanted.get(key) ?? ''];
      if (sides) row.append(element('td', less(now, then), 'before'));
      row.append(element('td', sides ? less(then, now) : then, sides ? 'after' : ''));
    }
    const rest = keys.length - shown.length;
    if (rest > 0)
      made.createCaption().textContent = `${rest} more ${rest === 1 ? 'stays as it is' : 'stay as they are'}`;
    return made;
  };
  const section = (detail: ResourceDetail) => {
    const made = document.createElement('details');
    const facts = table(detail);
    made.open = detail.word !== null || facts.rows.length < 10;
    const summary = document.createElement('summary');
    summary.append(element('code', detail.id), ...badge(detail.word));
    made.append(summary);
    for (const line of detail.lines) made.append(element('p', line, 'change'));
    if (detail.note !== null) made.append(element('p', detail.note, 'soft'));
    if (detail.source !== null) {
      const line = element('p', `line ${detail.source.line} `, 'source');
      line.append(element('code', detail.source.text));
      made.append(line);
    }
    made.append(facts);
    return made;
  };
  const ids = new Set(part.ids);
  const details = data.details.filter(({ id }) => ids.has(id));
  const extras = data.extras.filter(({ netns }) => part.id === `netns:${netns}` || part.id === netns);
  const title = element('h2', part.name);
  title.append(...badge(part.word));
  target.replaceChildren(title, element('p', [part.sort, part.about].filter(Boolean).join(' · '), 'soft'));
  const sorted = [...details].sort((a, b) => Number(b.word !== null) - Number(a.word !== null));
  target.append(...sorted.map(section));
  if (details.length === 0) target.append(element('p', 'Nothing of its own is made for it.', 'soft'));
  for (const { text } of extras) target.append(element('p', `? ${text}: there, but not from the file`, 'change'));
}
