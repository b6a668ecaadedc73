/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { elementById, isHidden } from './elements.ts';
import type { BrowserPage } from './page.ts';
import { firstTabStop, setTabStop, tabStop } from './shapes.ts';

/** Shows the side of a comparison that is chosen: before, after or both. */
export function connectComparison(page: BrowserPage): void {
  elementById('show').addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement) showSide(page, event.target.value);
  });
}

/** Checks the radio button of the side that was shown before a refresh; gives it, where there still is one. */
export function restoreSide(page: BrowserPage): HTMLInputElement | null {
  const radios = [...elementById('show').querySelectorAll('input')];
  const radio = radios.find(({ value }) => value === page.frame.dataset['show']) ?? null;
  if (radio !== null) radio.checked = true;
  showSide(page, radio?.value ?? 'both');
  return radio;
}

/** The style sheet hides what the side has not; the tab stop must not be hidden. */
function showSide(page: BrowserPage, side: string): void {
  page.frame.dataset['show'] = side;
  const stop = tabStop(page);
  if (stop === undefined || isHidden(stop)) setTabStop(page, firstTabStop(page));
}
