/// <reference lib="dom" />
import { isRectInside, rectCenter } from './elements.ts';

/** The section of a drawing that is in view, as the `viewBox` of its SVG. Lengths are pixels of the window. */
export type ViewBox = {
  /** Shows the whole drawing. */
  readonly fit: () => void;
  /** Zooms around a point of the window. */
  readonly zoomAt: (clientX: number, clientY: number, factor: number) => void;
  /** Zooms around the middle of the frame. */
  readonly zoomBy: (factor: number) => void;
  readonly panBy: (dx: number, dy: number) => void;
  /** Brings a part into view, large enough to be read. */
  readonly show: (part: SVGGraphicsElement) => void;
  /** Applies the view to a drawing that has replaced the one before. */
  readonly restore: () => void;
};

type ViewRect = readonly [x: number, y: number, width: number, height: number];

/** The narrowest view, in units of the drawing. */
const MIN_WIDTH = 120;
/** The widest view, in widths of the whole drawing. */
const MAX_WIDTHS = 4;
/** Pixels per unit of the drawing from which on its text can be read. */
const READABLE_SCALE = 0.55;
/** How many pixels a unit takes at least after a part has been brought into view. */
const SHOWN_SCALE = 1.1;

/** The view of the SVG in `frame`, whose `data-whole` holds the `viewBox` of everything. */
export function createViewBox(frame: HTMLElement): ViewBox {
  let current: ViewRect | null = null;
  const svg = () => frame.querySelector('svg');
  const view = () => current ?? wholeOf(svg());
  const apply = (box: ViewRect) => svg()?.setAttribute('viewBox', box.join(' '));
  const move = (x: number, y: number, width: number) => {
    const [, , wholeWidth, wholeHeight] = wholeOf(svg());
    const wide = Math.min(Math.max(width, MIN_WIDTH), wholeWidth * MAX_WIDTHS);
    current = [x, y, wide, (wide * wholeHeight) / wholeWidth];
    apply(current);
  };
  const zoomAt = (clientX: number, clientY: number, factor: number) => {
    const [x, y, width] = view();
    const point = drawingPoint(frame, view(), { x: clientX, y: clientY });
    move(point.x - (point.x - x) / factor, point.y - (point.y - y) / factor, width / factor);
  };
  return {
    zoomAt,
    zoomBy: (factor) => {
      const { x, y } = rectCenter(frame.getBoundingClientRect());
      zoomAt(x, y, factor);
    },
    panBy: (dx, dy) => {
      const [x, y, width] = view();
      const scale = scaleOf(frame, view());
      move(x + dx / scale, y + dy / scale, width);
    },
    fit: () => {
      current = null;
      apply(view());
    },
    show: (part) => {
      const shown = viewOfPart(frame, view(), part);
      if (shown !== null) move(...shown);
    },
    restore: () => {
      if (current !== null) apply(current);
    },
  };
}

function wholeOf(svg: SVGSVGElement | null): ViewRect {
  const [x = 0, y = 0, width = 1, height = 1] = svg?.dataset['whole']?.split(' ').map(Number) ?? [];
  return [x, y, width, height];
}

/** Pixels of the window per unit of the drawing. */
function scaleOf(frame: HTMLElement, [, , width, height]: ViewRect): number {
  const box = frame.getBoundingClientRect();
  return Math.min(box.width / width, box.height / height) || 1;
}

/** Where a point of the window is in the drawing, whose view is in the middle of the frame. */
function drawingPoint(frame: HTMLElement, view: ViewRect, point: { readonly x: number; readonly y: number }) {
  const [x, y, width, height] = view;
  const center = rectCenter(frame.getBoundingClientRect());
  const scale = scaleOf(frame, view);
  return { x: x + width / 2 + (point.x - center.x) / scale, y: y + height / 2 + (point.y - center.y) / scale };
}

/** The corner and width of a view in which a part can be read; null when it can be read now. */
function viewOfPart(frame: HTMLElement, view: ViewRect, part: Element): readonly [number, number, number] | null {
  const [box, outer] = [part.getBoundingClientRect(), frame.getBoundingClientRect()];
  const scale = scaleOf(frame, view);
  if (isRectInside(box, outer) && scale > READABLE_SCALE) return null;
  const [, , width, height] = view;
  const center = drawingPoint(frame, view, rectCenter(box));
  const wide = Math.min(width, Math.max(outer.width / SHOWN_SCALE, (box.width / scale) * 1.3));
  return [center.x - wide / 2, center.y - (wide * height) / width / 2, wide];
}
