/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { choosePart } from './choice.ts';
import { elementById } from './elements.ts';
import { type BrowserPage, partButtons } from './page.ts';
import { partShapes } from './shapes.ts';

/** Filters while a search is typed; Enter chooses the first part found. */
export function connectSearch(page: BrowserPage): void {
  page.search.addEventListener('input', () => filterParts(page));
  page.search.addEventListener('keydown', (event) => {
    const first = matchingIds(page)?.[0];
    if (event.key === 'Enter' && first !== undefined) choosePart(page, first, 'search');
  });
}

/** Hides and dims what the search does not match, and says how many parts it does. */
export function filterParts(page: BrowserPage): void {
  const ids = matchingIds(page);
  const matches = ids === null ? null : new Set(ids);
  for (const item of partButtons()) {
    const isMatch = matches === null || matches.has(item.dataset['part'] ?? '');
    item.closest('li')?.toggleAttribute('hidden', !isMatch);
  }
  for (const shape of partShapes(page))
    shape.classList.toggle('is-dim', matches !== null && !isShapeMatch(shape, matches));
  // A heading without any part below it says nothing.
  for (const heading of elementById('parts').querySelectorAll('h2')) {
    const isEmpty = heading.nextElementSibling?.querySelector('li:not([hidden])') === null;
    heading.toggleAttribute('hidden', isEmpty);
  }
  page.status.textContent = matches === null ? '' : `${matches.size} found`;
}

/** The ids of the parts that contain every word of the search, in the order of the list; null without a search. */
function matchingIds({ search, state }: BrowserPage): readonly string[] | null {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  return state.data.parts.filter(({ text }) => words.every((word) => text.includes(word))).map(({ id }) => id);
}

/** The machine itself is around all the others. */
function isShapeMatch(shape: Element, matches: ReadonlySet<string>): boolean {
  const ids = [shape, ...shape.querySelectorAll('[data-id]')].map((one) => one.getAttribute('data-id') ?? '');
  return ids[0] === 'host' || ids.some((id) => matches.has(id));
}
