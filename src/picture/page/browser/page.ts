/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { createView, type DrawingView } from './drawing-view.ts';
import { elementById } from './elements.ts';
import { connectGestures } from './gestures.ts';
import { type BrowserPageData, readPageData } from './page-data.ts';

/** Where a part was chosen, and where the focus returns to when its details are closed. */
export type ChoiceOrigin = 'drawing' | 'list' | 'search';

/** The open page: its fixed elements, the view of the drawing, and what changes while it is used. */
export type BrowserPage = {
  /** Holds the drawings, one for wide windows and one for narrow ones, which a refresh replaces. */
  readonly frame: HTMLElement;
  readonly search: HTMLInputElement;
  readonly status: HTMLElement;
  readonly view: DrawingView;
  readonly state: {
    data: BrowserPageData;
    /** The id of the part whose details are open. */
    chosen: string | null;
    openedFrom: ChoiceOrigin;
    /** What the details say, as JSON, so that the same is not written again. */
    details: string;
  };
};

/** Makes the search field, which needs this script, and reads the data of the page. */
export function createPage(): BrowserPage {
  const frame = elementById('drawing');
  const view = createView(frame);
  connectGestures(frame, view);
  const state = { data: currentData(), chosen: null, openedFrom: 'list' as const, details: '' };
  return { frame, view, search: createSearchField(), status: elementById('status'), state };
}

/** The data that the `data` element holds now. */
export const currentData = (): BrowserPageData => readPageData(elementById('data').textContent ?? '');

/** The buttons of the list of parts. */
export const partButtons = (): readonly HTMLButtonElement[] => [
  ...document.querySelectorAll<HTMLButtonElement>('#parts button'),
];

/** The button of a part in the list. */
export const partButton = (id: string | undefined): HTMLButtonElement | undefined =>
  partButtons().find((item) => item.dataset['part'] === id);

function createSearchField(): HTMLInputElement {
  const search = document.createElement('input');
  Object.assign(search, { type: 'search', id: 'search', placeholder: 'Search: name, address …  /' });
  search.setAttribute('aria-label', 'Search by name or address');
  elementById('searching').replaceChildren(search);
  return search;
}
