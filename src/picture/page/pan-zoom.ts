/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

export type PanZoom = {
  readonly fit: () => void;
  readonly by: (factor: number) => void;
  readonly pan: (x: number, y: number) => void;
  /** Brings a part into view, large enough to be read. */
  readonly show: (part: SVGGraphicsElement) => void;
};

/**
 * Pan and zoom of a drawing by wheel, drag and pinch. Runs in the browser: its text goes into the page, so that it may use
 * nothing from outside of itself.
 */
export function createPanZoom(
  frame: HTMLElement,
  find: () => SVGSVGElement | null,
  keep: { view: number[] | null },
): PanZoom {
  const whole = () => find()?.dataset['whole']?.split(' ').map(Number) ?? [0, 0, 1, 1];
  const view = () => keep.view ?? whole();
  const set = (x: number, y: number, width: number) => {
    const [, , w = 1, h = 1] = whole();
    const wide = Math.min(Math.max(width, 120), w * 4);
    keep.view = [x, y, wide, (wide * h) / w];
    find()?.setAttribute('viewBox', keep.view.join(' '));
  };
  const scale = () => {
    const box = frame.getBoundingClientRect();
    const [, , width = 1, height = 1] = view();
    return Math.min(box.width / width, box.height / height) || 1;
  };
  const at = (clientX: number, clientY: number) => {
    const box = frame.getBoundingClientRect();
    const [x = 0, y = 0, width = 1, height = 1] = view();
    const size = scale();
    return {
      x: x + width / 2 + (clientX - box.left - box.width / 2) / size,
      y: y + height / 2 + (clientY - box.top - box.height / 2) / size,
    };
  };
  const around = (clientX: number, clientY: number, factor: number) => {
    const [x = 0, y = 0, width = 1] = view();
    const point = at(clientX, clientY);
    set(point.x - (point.x - x) / factor, point.y - (point.y - y) / factor, width / factor);
  };
  const pan = (dx: number, dy: number) => {
    const [x = 0, y = 0, width = 1] = view();
    set(x + dx / scale(), y + dy / scale(), width);
  };
  const fingers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  frame.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const step = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
      around(event.clientX, event.clientY, Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0016)));
    },
    { passive: false },
  );
  frame.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved = 0;
  });
  frame.addEventListener('pointermove', (event) => {
    const last = fingers.get(event.pointerId);
    if (last === undefined) return;
    const next = { x: event.clientX, y: event.clientY };
    moved += Math.hypot(next.x - last.x, next.y - last.y);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (moved > 4) frame.setPointerCapture(event.pointerId);
    if (other === undefined && moved > 4) pan(last.x - next.x, last.y - next.y);
    if (other !== undefined) {
      const spread = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      around((next.x + other.x) / 2, (next.y + other.y) / 2, spread(next) / (spread(last) || 1));
    }
    fingers.set(event.pointerId, next);
  });
  for (const end of ['pointerup', 'pointercancel'] as const) {
    frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  frame.addEventListener(
    'click',
    (event) => {
      if (moved > 4) event.stopPropagation();
    },
    true,
  );
  return {
    pan,
    fit: () => {
      keep.view = null;
      find()?.setAttribute('viewBox', whole().join(' '));
    },
    by: (factor) => {
      const box = frame.getBoundingClientRect();
      around(box.left + box.width / 2, box.top + box.height / 2, factor);
    },
    show: (part) => {
      const box = part.getBoundingClientRect();
      const middle = at(box.left + box.width / 2, box.top + box.height / 2);
      const outer = frame.getBoundingClientRect();
      const isInside =
        box.left > outer.left && box.right < outer.right && box.top > outer.top && box.bottom < outer.bottom;
      if (isInside && scale() > 0.55) return;
      const readable = outer.width / 1.1;
      const [, , width = 1, height = 1] = view();
      const wide = Math.min(width, Math.max(readable, (box.width / scale()) * 1.3));
      set(middle.x - wide / 2, middle.y - (wide * height) / width / 2, wide);
    },
  };
}
