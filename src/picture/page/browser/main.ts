/// <reference lib="dom" />
import { choosePart, closeDetails } from './choice.ts';
import { connectComparison } from './comparison.ts';
import { elementById } from './elements.ts';
import { connectKeyboard, ZOOM_STEP } from './keyboard.ts';
import { type BrowserPage, createPage } from './page.ts';
import { connectServer } from './refresh.ts';
import { connectSearch } from './search.ts';
import { labelShapes, shapeAt } from './shapes.ts';

const page = createPage();
connectClicks(page);
connectKeyboard(page);
connectSearch(page);
connectComparison(page);
connectServer(page);
labelShapes(page);

function connectClicks(page: BrowserPage): void {
  const { frame, state, view } = page;
  frame.addEventListener('click', (event) => {
    const id = shapeAt(event.target)?.dataset['id'] ?? null;
    choosePart(page, state.data.parts.some((part) => part.id === id) ? id : null, 'drawing');
  });
  elementById('parts').addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
    if (button) choosePart(page, button.dataset['part'] ?? null, 'list');
  });
  elementById('zoom-in').addEventListener('click', () => view.zoomBy(ZOOM_STEP));
  elementById('zoom-out').addEventListener('click', () => view.zoomBy(1 / ZOOM_STEP));
  elementById('zoom-fit').addEventListener('click', () => view.fit());
  elementById('close').addEventListener('click', () => closeDetails(page));
}
