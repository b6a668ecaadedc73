/// <reference lib="dom" />
import { choosePart, closeDetails } from './choice.ts';
import { connectComparison } from './comparison.ts';
import { elementById, isHidden } from './elements.ts';
import { connectKeyboard, ZOOM_STEP } from './keyboard.ts';
import { type BrowserPage, createPage } from './page.ts';
import { connectServer } from './refresh.ts';
import { connectSearch } from './search.ts';
import { firstTabStop, labelShapes, setTabStop, shapeAt, tabStop } from './shapes.ts';

const page = createPage();
connectClicks(page);
connectKeyboard(page);
connectSearch(page);
connectComparison(page);
connectServer(page);
labelShapes(page);
openDrawing(page);
connectWindow(page);

/** Where not all of a drawing is in view, its first LAN is, or else its first part. */
function openDrawing({ frame, view }: BrowserPage): void {
  view.open();
  const shapes = [...frame.querySelectorAll<SVGGraphicsElement>('.hub, .box, .card')].filter((one) => !isHidden(one));
  const first = shapes.find((one) => one.classList.contains('hub')) ?? shapes[0];
  if (first !== undefined) view.show(first);
}

/** Another drawing is shown in a narrow window; it is opened, and gets the tab stop. */
function connectWindow(page: BrowserPage): void {
  window.addEventListener('resize', () => {
    const stop = tabStop(page);
    if (stop !== undefined && !isHidden(stop)) return;
    openDrawing(page);
    setTabStop(page, firstTabStop(page));
  });
}

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
  elementById('zoom-read').addEventListener('click', () => view.open());
  elementById('close').addEventListener('click', () => closeDetails(page));
}
