/// <reference lib="dom" />
import { choosePart, closeDetails } from './choice.ts';
import { isRectInside } from './elements.ts';
import type { BrowserPage } from './page.ts';
import { nextTabStop, type PartShape, setTabStop, shapeAt, tabStop } from './shapes.ts';

type Direction = readonly [dx: number, dy: number];

const DIRECTIONS: { readonly [key: string]: Direction } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Pixels by which an arrow key with Shift moves the drawing. */
const PAN_STEP = 80;
/** The factor of one step of zoom. */
export const ZOOM_STEP = 1.25;

/** Arrows, Enter and zoom keys in the drawing; Escape and `/` everywhere. */
export function connectKeyboard(page: BrowserPage): void {
  page.frame.addEventListener('keydown', (event) => {
    if (pressInDrawing(page, event)) event.preventDefault();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeDetails(page);
    if (event.key !== '/' || event.target === page.search) return;
    event.preventDefault();
    page.search.focus();
  });
}

/** Does what a key means in the drawing; false when it means nothing. */
function pressInDrawing(page: BrowserPage, event: KeyboardEvent): boolean {
  const target = shapeAt(event.target);
  const direction = DIRECTIONS[event.key];
  if (direction !== undefined) pressArrow(page, direction, event.shiftKey, target);
  else if ((event.key === 'Enter' || event.key === ' ') && target)
    choosePart(page, target.dataset['id'] ?? null, 'drawing');
  else if (event.key === '+' || event.key === '=') page.view.zoomBy(ZOOM_STEP);
  else if (event.key === '-') page.view.zoomBy(1 / ZOOM_STEP);
  else if (event.key === '0') page.view.fit();
  else if (event.key === '1') page.view.open();
  else return false;
  return true;
}

function pressArrow(page: BrowserPage, direction: Direction, hasShift: boolean, target: PartShape | null): void {
  if (hasShift) page.view.panBy(direction[0] * PAN_STEP, direction[1] * PAN_STEP);
  else if (target === null) tabStop(page)?.focus();
  else stepTo(page, nextTabStop(page, target, direction));
}

function stepTo(page: BrowserPage, shape: PartShape | null): void {
  if (shape === null) return;
  setTabStop(page, shape);
  shape.focus({ preventScroll: true });
  if (!isRectInside(shape.getBoundingClientRect(), page.frame.getBoundingClientRect())) page.view.show(shape);
}
