/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { choosePart } from './choice.ts';
import { restoreSide } from './comparison.ts';
import { elementById } from './elements.ts';
import { type BrowserPage, currentData, partButton } from './page.ts';
import { filterParts } from './search.ts';
import { firstTabStop, labelShapes, setTabStop, shapeAt } from './shapes.ts';

/** The elements whose content a refresh replaces. */
const REPLACED = ['drawing', 'words', 'symbols', 'parts', 'heading', 'error', 'data', 'show'];

/** Refreshes a page that came from a server whenever the server reports a change. */
export function connectServer(page: BrowserPage): void {
  if (location.protocol !== 'http:') return;
  const events = new EventSource('events');
  events.addEventListener('change', () => {
    refreshPage(page).catch((error: unknown) => {
      page.status.textContent = error instanceof Error ? error.message : String(error);
    });
  });
  events.addEventListener('error', () => {
    page.status.textContent = 'not connected: netform graph --serve has ended';
  });
}

/** Takes drawing, list and data from the server's page of now; choice, search, view and focus stay. */
async function refreshPage(page: BrowserPage): Promise<void> {
  const answer = await fetch(location.href, { cache: 'no-store' });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const restoreFocus = rememberFocus(page);
  const restoreView = page.view.remember();
  for (const id of REPLACED) elementById(id).replaceChildren(...(next.getElementById(id)?.childNodes ?? []));
  const { state } = page;
  state.data = currentData();
  restoreView();
  labelShapes(page);
  filterParts(page);
  const { openedFrom } = state;
  choosePart(page, state.chosen, 'drawing');
  state.openedFrom = openedFrom;
  restoreFocus(restoreSide(page));
  page.status.textContent = `updated ${new Date().toLocaleTimeString()}`;
}

/** Gives what puts the focus on the new shape, list item or radio button of what had it. */
function rememberFocus(page: BrowserPage): (radio: HTMLInputElement | null) => void {
  const active = document.activeElement;
  const shapeId = shapeAt(active)?.dataset['id'];
  const itemId = active?.closest<HTMLElement>('[data-part]')?.dataset['part'];
  const isComparing = elementById('show').contains(active);
  return (radio) => {
    const shape = shapeId === undefined ? undefined : firstTabStop(page, shapeId);
    setTabStop(page, shape);
    const item = itemId === undefined ? undefined : partButton(itemId);
    (shape ?? item ?? (isComparing ? radio : null))?.focus({ preventScroll: true });
  };
}
