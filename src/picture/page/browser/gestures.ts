/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { DrawingView } from './drawing-view.ts';

type Point = { readonly x: number; readonly y: number };

/** Pixels that a pointer may move before a click is a drag. */
const CLICK_SLACK = 4;
/** Pixels of a line, for a wheel that counts lines (`WheelEvent.DOM_DELTA_LINE`). */
const LINE_HEIGHT = 16;
/** Zoom per pixel of the wheel; a pinch on a touch pad comes as a wheel with the control key too. */
const WHEEL_RATE = 0.01;
/** Pixels that one turn of a wheel counts for at most. */
const MAX_STEP = 25;

/** Pans by drag, zooms by wheel with the control key and by pinch of two fingers; else the browser scrolls. A drag does not end in a click. */
export function connectGestures(frame: HTMLElement, view: DrawingView): void {
  frame.addEventListener('wheel', (event) => zoomByWheel(event, view), { passive: false });
  const fingers = new Map<number, Point>();
  let moved = 0;
  frame.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, pointOf(event));
    moved = 0;
  });
  frame.addEventListener('pointermove', (event) => {
    const last = fingers.get(event.pointerId);
    if (last === undefined) return;
    const next = pointOf(event);
    moved += distance(last, next);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (moved > CLICK_SLACK) frame.setPointerCapture(event.pointerId);
    if (other !== undefined) pinch(view, other, last, next);
    else if (moved > CLICK_SLACK && event.pointerType !== 'touch') view.panBy(last.x - next.x, last.y - next.y);
    fingers.set(event.pointerId, next);
  });
  for (const end of ['pointerup', 'pointercancel'] as const)
    frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  const stopDrag = (event: Event) => {
    if (moved > CLICK_SLACK) event.stopPropagation();
  };
  frame.addEventListener('click', stopDrag, { capture: true });
}

function zoomByWheel(event: WheelEvent, view: DrawingView): void {
  if (!event.ctrlKey) return;
  event.preventDefault();
  const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_HEIGHT : event.deltaY;
  view.zoomAt(event.clientX, event.clientY, Math.exp(-Math.max(-MAX_STEP, Math.min(step, MAX_STEP)) * WHEEL_RATE));
}

/** One finger moves from `last` to `next` while the other stays. */
function pinch(view: DrawingView, other: Point, last: Point, next: Point): void {
  const factor = distance(next, other) / (distance(last, other) || 1);
  view.zoomAt((next.x + other.x) / 2, (next.y + other.y) / 2, factor);
}

const pointOf = ({ clientX, clientY }: PointerEvent): Point => ({ x: clientX, y: clientY });

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
