/// <reference lib="dom" />
import type { PagePart } from '../page-parts.ts';
import { renderDetails } from './details.ts';
import { elementById, isHidden } from './elements.ts';
import { type BrowserPage, type ChoiceOrigin, partButton, partButtons } from './page.ts';
import { firstTabStop, partShapes, setTabStop } from './shapes.ts';

/** Opens the details of a part and marks it in drawing and list; null, or a part that is not there, closes them. */
export function choosePart(page: BrowserPage, id: string | null, from: ChoiceOrigin): void {
  const { state } = page;
  state.chosen = id;
  if (id !== null) state.openedFrom = from;
  for (const shape of partShapes(page)) shape.classList.toggle('is-chosen', shape.dataset['id'] === id);
  for (const item of partButtons()) item.setAttribute('aria-current', String(item.dataset['part'] === id));
  const part = state.data.parts.find((one) => one.id === id);
  elementById('about').hidden = part === undefined;
  if (part !== undefined) writeDetails(page, part);
  const shape = partShapes(page, id ?? '').find((one) => !isHidden(one));
  if (shape && from !== 'drawing') page.view.show(shape);
}

/** Leaves details that are right as they are, for who reads or hears them. */
function writeDetails({ state }: BrowserPage, part: PagePart): void {
  const { data } = state;
  const facts = data.details.filter(({ id }) => part.ids.includes(id));
  const details = JSON.stringify([part, facts, data.extras]);
  if (details === state.details) return;
  state.details = details;
  renderDetails(elementById('details'), part, data);
  elementById('about').scrollTop = 0;
}

/** Closes the details; a focus that was in them returns to where the part was chosen. */
export function closeDetails(page: BrowserPage): void {
  const id = page.state.chosen ?? '';
  const hadFocus = elementById('about').contains(document.activeElement);
  choosePart(page, null, 'list');
  if (!hadFocus) return;
  const item = partButton(id);
  const back = { drawing: firstTabStop(page, id) ?? item, list: item, search: page.search }[page.state.openedFrom];
  if (back instanceof SVGGraphicsElement) setTabStop(page, back);
  back?.focus({ preventScroll: true });
}
