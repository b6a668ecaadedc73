/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { isHidden, isRectInside, rectCenter } from './elements.ts';

/** How large the drawing is shown, and which section of it; the frame scrolls. Lengths are pixels of the window. */
export type DrawingView = {
  /** Shows the drawing as large as it fits, but never so small that its text cannot be read. */
  readonly open: () => void;
  /** Shows the whole drawing, without the texts that would be too small. */
  readonly fit: () => void;
  /** Zooms around a point of the window. */
  readonly zoomAt: (clientX: number, clientY: number, factor: number) => void;
  /** Zooms around the middle of the frame. */
  readonly zoomBy: (factor: number) => void;
  readonly panBy: (dx: number, dy: number) => void;
  /** Brings a part into view, large enough to be read. */
  readonly show: (part: SVGGraphicsElement) => void;
  /** Gives what applies the view of now to a drawing that replaces this one. */
  readonly remember: () => () => void;
};

/** The height of the smallest text that is shown, in pixels. */
const MIN_TEXT = 11.01;
/** The sizes of text in a drawing, each with the class of a drawing in which it is too small to be shown. */
const HIDDEN_TEXTS = [
  ['is-far', 12],
  ['is-farther', 14],
] as const;
const READABLE_SCALE = MIN_TEXT / 12;
/** A small drawing is not blown up beyond this. */
const MAX_OPEN_SCALE = 1.25;
const MAX_SCALE = 6;
/** How much smaller than the frame a drawing gets. */
const MIN_FRAMES = 0.5;

/** The view of the visible one of the drawings in `frame`: one is for wide windows, one for narrow ones. */
export function createView(frame: HTMLElement): DrawingView {
  /** Pixels of the window per unit of the drawing; null: as it was opened. */
  let chosen: number | null = null;
  const svg = () => [...frame.querySelectorAll<SVGSVGElement>(':scope > svg')].find((one) => !isHidden(one));
  const scaleOf = () => (svg()?.getBoundingClientRect().width ?? 1) / sizeOf(svg()).width;
  const apply = (scale: number) => applyScale(svg(), scale);
  const zoomTo = (scale: number, { x, y }: { readonly x: number; readonly y: number }) => {
    const drawing = svg();
    if (drawing === undefined) return;
    const before = drawing.getBoundingClientRect();
    const factor = scale / scaleOf();
    chosen = scale;
    apply(scale);
    const after = drawing.getBoundingClientRect();
    frame.scrollBy(after.left + (x - before.left) * factor - x, after.top + (y - before.top) * factor - y);
  };
  const zoomAt = (x: number, y: number, factor: number) => {
    const least = Math.min(READABLE_SCALE, fitScale(frame, svg())) * MIN_FRAMES;
    zoomTo(Math.min(Math.max(scaleOf() * factor, least), MAX_SCALE), { x, y });
  };
  const open = () => {
    chosen = null;
    apply(openScale(frame, svg()));
  };
  return {
    open,
    zoomAt,
    zoomBy: (factor) => {
      const { x, y } = rectCenter(frame.getBoundingClientRect());
      zoomAt(x, y, factor);
    },
    panBy: (dx, dy) => frame.scrollBy(dx, dy),
    fit: () => {
      chosen = Math.min(fitScale(frame, svg()), MAX_OPEN_SCALE);
      apply(chosen);
    },
    show: (part) => {
      if (scaleOf() < READABLE_SCALE - 0.01) zoomTo(1, rectCenter(part.getBoundingClientRect()));
      if (isRectInside(part.getBoundingClientRect(), frame.getBoundingClientRect())) return;
      const [to, from] = [part, frame].map((one) => rectCenter(one.getBoundingClientRect()));
      if (to && from) frame.scrollBy(to.x - from.x, to.y - from.y);
    },
    remember: () => {
      const { scrollLeft, scrollTop } = frame;
      return () => {
        apply(chosen ?? openScale(frame, svg()));
        frame.scrollTo(scrollLeft, scrollTop);
      };
    },
  };
}

/** Sizes a drawing, and hides the texts that are too small to be read then. */
function applyScale(drawing: SVGSVGElement | undefined, scale: number): void {
  if (drawing === undefined) return;
  const { width, height } = sizeOf(drawing);
  drawing.setAttribute('width', String(width * scale));
  drawing.setAttribute('height', String(height * scale));
  for (const [name, size] of HIDDEN_TEXTS) drawing.classList.toggle(name, size * scale < MIN_TEXT - 0.005);
}

const sizeOf = (drawing: SVGSVGElement | undefined): { readonly width: number; readonly height: number } =>
  drawing?.viewBox.baseVal ?? { width: 1, height: 1 };

/** At which all of a drawing is in the frame. */
function fitScale(frame: HTMLElement, drawing: SVGSVGElement | undefined): number {
  const { width, height } = sizeOf(drawing);
  return Math.min(frame.clientWidth / width, frame.clientHeight / height) || 1;
}

/** At which all of it is in the frame, or its width, or else its text can just be read. */
function openScale(frame: HTMLElement, drawing: SVGSVGElement | undefined): number {
  const fit = fitScale(frame, drawing);
  if (fit >= READABLE_SCALE) return Math.min(fit, MAX_OPEN_SCALE);
  return Math.max(Math.min(frame.clientWidth / sizeOf(drawing).width, 1), READABLE_SCALE);
}
