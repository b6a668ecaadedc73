/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { isHidden, rectCenter } from './elements.ts';
import type { BrowserPage } from './page.ts';

/** A shape of the drawing that stands for a part; `data-id` is the part's id. */
export type PartShape = SVGGraphicsElement;

/** The shapes of the drawing, or those of one part (a gate has lines besides its box). */
export const partShapes = ({ frame }: BrowserPage, id?: string): readonly PartShape[] =>
  [...frame.querySelectorAll<PartShape>('[data-id]')].filter((shape) => id === undefined || shape.dataset['id'] === id);

/** The shape that an event or the focus is on. */
export const shapeAt = (target: EventTarget | null): PartShape | null =>
  target instanceof Element ? target.closest<PartShape>('[data-id]') : null;

/** Gives shapes a role, a name and a place in the order of the keyboard. */
export function labelShapes(page: BrowserPage): void {
  const parts = new Map(page.state.data.parts.map((part) => [part.id, part]));
  for (const shape of partShapes(page)) {
    const part = parts.get(shape.dataset['id'] ?? '');
    if (part === undefined) continue;
    const status = part.word === null ? '' : (page.state.data.statuses[part.word]?.slice(2) ?? '');
    shape.setAttribute('role', 'button');
    shape.setAttribute('tabindex', '-1');
    shape.setAttribute('aria-label', [part.sort, part.name, part.about, status].filter(Boolean).join(', '));
    // A gate's lines say nothing that its box does not.
    if (shape.classList.contains('wire') && !['cable', 'overlay'].includes(part.sort))
      shape.setAttribute('aria-hidden', 'true');
  }
  setTabStop(page, firstTabStop(page));
}

/** Whether the arrow keys stop at a shape: at all that are visible, except lines. */
const isStop = (shape: PartShape): boolean =>
  shape.hasAttribute('tabindex') && !shape.classList.contains('wire') && !isHidden(shape);

/** The first shape, or the first of one part, that the arrow keys stop at. */
export const firstTabStop = (page: BrowserPage, id?: string): PartShape | undefined =>
  partShapes(page, id).find(isStop);

/** The shape that the tab key stops at. */
export const tabStop = (page: BrowserPage): PartShape | undefined =>
  partShapes(page).find((shape) => shape.getAttribute('tabindex') === '0');

/** Makes a shape the only one that the tab key stops at: the drawing is one stop, the arrows go from part to part. */
export function setTabStop(page: BrowserPage, stop: PartShape | undefined): void {
  if (stop === undefined) return;
  for (const shape of partShapes(page)) if (shape.hasAttribute('tabindex')) shape.setAttribute('tabindex', '-1');
  stop.setAttribute('tabindex', '0');
}

/** Pixels that a neighbour has to be ahead, so that rounding does not put it there. */
const AHEAD = 4;

/** The nearest stop in a direction (a unit vector); what is aside counts twice. */
export function nextTabStop(page: BrowserPage, from: PartShape, [dx, dy]: readonly [number, number]): PartShape | null {
  const start = rectCenter(from.getBoundingClientRect());
  const ahead = partShapes(page)
    .filter((shape) => shape !== from && isStop(shape))
    .map((shape) => {
      const { x, y } = rectCenter(shape.getBoundingClientRect());
      const [right, down] = [x - start.x, y - start.y];
      return { shape, ahead: right * dx + down * dy, aside: Math.abs(right * dy) + Math.abs(down * dx) };
    })
    .filter((one) => one.ahead > AHEAD)
    .sort((a, b) => a.ahead + 2 * a.aside - (b.ahead + 2 * b.aside));
  return ahead[0]?.shape ?? null;
}
