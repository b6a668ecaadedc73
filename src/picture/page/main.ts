/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { BrowserPageData, renderDetails } from './details.ts';
import type { createPanZoom } from './pan-zoom.ts';

type PageFunctions = { readonly zooming: typeof createPanZoom; readonly describing: typeof renderDetails };

/**
 * Brings the page to life: choosing, searching, moving by keyboard, before and after, and refreshing when it is served.
 * Runs in the browser: its text goes into the page, so that it may use nothing from outside of itself.
 */
export function startPage({ zooming, describing }: PageFunctions): void {
  const by = (id: string): HTMLElement => {
    const element = document.getElementById(id);
    if (element === null) throw new Error(`the page has no ${id}`);
    return element;
  };
  const partAt = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<SVGGraphicsElement>('[data-id]') : null;
  const frame = by('drawing');
  const search = Object.assign(document.createElement('input'), { type: 'search' });
  Object.assign(search, { id: 'search', placeholder: 'Search: name, address …  /' });
  search.setAttribute('aria-label', 'Search by name or address');
  by('searching').replaceChildren(search);
  const status = by('status');
  const keep: { view: number[] | null } = { view: null };
  const svg = () => frame.querySelector('svg');
  const zoom = zooming(frame, svg, keep);
  /** Lists that are there several times stand once, beside the rest. */
  const read = (): BrowserPageData => {
    const text = by('data').textContent ?? '';
    const { lists } = JSON.parse(text);
    return JSON.parse(text, (_, one) => (one?.['='] === undefined ? one : lists[one['=']])).value;
  };
  let data = read();
  let chosen: string | null = null;
  let opened: 'drawing' | 'list' | 'search' = 'list';
  let told = '';

  const shapes = (id?: string) =>
    [...frame.querySelectorAll<SVGGraphicsElement>('[data-id]')].filter(
      (one) => id === undefined || one.dataset['id'] === id,
    );
  const items = () => [...document.querySelectorAll<HTMLButtonElement>('#parts button')];
  const isHidden = (one: Element) => one.getClientRects().length === 0;

  const choose = (id: string | null, from: 'drawing' | 'list' | 'search') => {
    chosen = id;
    if (id !== null) opened = from;
    for (const shape of shapes()) shape.classList.toggle('is-chosen', shape.dataset['id'] === id);
    for (const item of items()) item.setAttribute('aria-current', String(item.dataset['part'] === id));
    const part = data.parts.find((one) => one.id === id);
    by('about').hidden = part === undefined;
    if (part !== undefined) tell(part);
    const [shape] = shapes(id ?? '');
    if (shape && from !== 'drawing') zoom.show(shape);
  };
  /** What is told already stays as it is, for those who read it or hear it. */
  const tell = (part: BrowserPageData['parts'][number]) => {
    const facts = data.details.filter((one) => part.ids.includes(one.id));
    const now = JSON.stringify([part, facts, data.extras]);
    if (now === told) return;
    told = now;
    describing(by('details'), part, data);
    by('about').scrollTop = 0;
  };
  /** Where the focus was in what goes away, it is afterwards on what it was for. */
  const close = () => {
    const id = chosen ?? '';
    const isInside = by('about').contains(document.activeElement);
    choose(null, 'list');
    if (!isInside) return;
    const item = items().find((one) => one.dataset['part'] === id);
    const back = { drawing: shapes(id).find(isStop) ?? item, list: item, search }[opened];
    if (back instanceof SVGGraphicsElement) stopAt(back);
    back?.focus({ preventScroll: true });
  };

  /** The drawing is one stop of the tab key; the arrows go from part to part. */
  const stopAt = (stop: SVGGraphicsElement | undefined) => {
    if (stop === undefined) return;
    for (const shape of shapes()) if (shape.hasAttribute('tabindex')) shape.setAttribute('tabindex', '-1');
    stop.setAttribute('tabindex', '0');
  };
  const isStop = (one: SVGGraphicsElement) =>
    one.hasAttribute('tabindex') && !one.classList.contains('wire') && !isHidden(one);
  const prepare = () => {
    for (const shape of shapes()) {
      const part = data.parts.find((one) => one.id === shape.dataset['id']);
      if (part === undefined) continue;
      shape.setAttribute('role', 'button');
      shape.setAttribute('tabindex', '-1');
      shape.setAttribute('aria-label', [part.sort, part.name, part.about, part.word ?? ''].filter(Boolean).join(', '));
      // A gate's lines say nothing that it does not.
      if (shape.classList.contains('wire') && !['cable', 'vxlan'].includes(part.sort))
        shape.setAttribute('aria-hidden', 'true');
    }
    stopAt(shapes().find(isStop));
  };

  const middle = (one: Element) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  };
  const step = (from: SVGGraphicsElement, dx: number, dy: number) => {
    const start = middle(from);
    const reach = shapes()
      .filter((one) => one !== from && isStop(one))
      .map((one) => ({ one, x: middle(one).x - start.x, y: middle(one).y - start.y }))
      .map(({ one, x, y }) => ({ one, ahead: x * dx + y * dy, aside: Math.abs(x * dy) + Math.abs(y * dx) }))
      .filter(({ ahead }) => ahead > 4)
      .sort((a, b) => a.ahead + 2 * a.aside - (b.ahead + 2 * b.aside));
    const next = reach[0]?.one;
    if (next === undefined) return;
    stopAt(next);
    next.focus({ preventScroll: true });
    const [box, outer] = [next.getBoundingClientRect(), frame.getBoundingClientRect()];
    if (box.left < outer.left || box.right > outer.right || box.top < outer.top || box.bottom > outer.bottom)
      zoom.show(next);
  };

  const ways: { readonly [key: string]: readonly [number, number] } = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };

  frame.addEventListener('keydown', (event) => {
    const way = ways[event.key];
    const target = partAt(event.target);
    if (way && event.shiftKey) zoom.pan(way[0] * 80, way[1] * 80);
    else if (way && target) step(target, way[0], way[1]);
    else if (way)
      shapes()
        .find((one) => one.getAttribute('tabindex') === '0')
        ?.focus();
    else if ((event.key === 'Enter' || event.key === ' ') && target) choose(target.dataset['id'] ?? null, 'drawing');
    else if (event.key === '+' || event.key === '=') zoom.by(1.25);
    else if (event.key === '-') zoom.by(0.8);
    else if (event.key === '0') zoom.fit();
    else return;
    event.preventDefault();
  });
  frame.addEventListener('click', (event) => {
    const target = partAt(event.target);
    const id = target?.dataset['id'] ?? null;
    choose(data.parts.some((one) => one.id === id) ? id : null, 'drawing');
  });
  by('parts').addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('button') : null;
    if (button) choose(button.dataset['part'] ?? null, 'list');
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    if (event.key === '/' && event.target !== search) {
      event.preventDefault();
      search.focus();
    }
  });

  const found = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (id: string) =>
      data.parts.some((one) => one.id === id && words.every((word) => one.text.includes(word)));
    return words.length === 0 ? null : data.parts.filter(({ id }) => fits(id)).map(({ id }) => id);
  };
  const filter = () => {
    const ids = found();
    const hits = ids === null ? null : new Set(ids);
    for (const item of items()) {
      item.closest('li')?.toggleAttribute('hidden', hits !== null && !hits.has(item.dataset['part'] ?? ''));
    }
    for (const shape of shapes()) {
      const inner = [...shape.querySelectorAll<SVGGraphicsElement>('[data-id]')].map((one) => one.dataset['id'] ?? '');
      const isHit =
        hits === null ||
        shape.dataset['id'] === 'host' ||
        [shape.dataset['id'] ?? '', ...inner].some((id) => hits.has(id));
      shape.classList.toggle('is-dim', !isHit);
    }
    status.textContent = hits === null ? '' : `${hits.size} found`;
  };
  search.addEventListener('input', filter);
  search.addEventListener('keydown', (event) => {
    const first = found()?.[0];
    if (event.key === 'Enter' && first !== undefined) choose(first, 'search');
  });

  by('zoom-in').addEventListener('click', () => zoom.by(1.25));
  by('zoom-out').addEventListener('click', () => zoom.by(0.8));
  by('zoom-fit').addEventListener('click', () => zoom.fit());
  by('close').addEventListener('click', close);
  by('show').addEventListener('change', (event) => {
    if (event.target instanceof HTMLInputElement) show(event.target.value);
  });
  const show = (what: string) => {
    frame.dataset['show'] = what;
    const stop = shapes().find((one) => one.getAttribute('tabindex') === '0');
    if (stop === undefined || isHidden(stop)) stopAt(shapes().find(isStop));
  };

  /** Takes over drawing, list and facts of a newer page; what is chosen, searched and looked at stays. */
  const refresh = async () => {
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const active = document.activeElement;
    const [shape, item] = [partAt(active), active?.closest<HTMLElement>('[data-part]')];
    const isShowing = by('show').contains(active);
    for (const id of ['drawing', 'words', 'parts', 'heading', 'trouble', 'data', 'show']) {
      by(id).replaceChildren(...(next.getElementById(id)?.childNodes ?? []));
    }
    data = read();
    if (keep.view !== null) svg()?.setAttribute('viewBox', keep.view.join(' '));
    prepare();
    filter();
    const was = opened;
    choose(chosen, 'drawing');
    opened = was;
    const radios = [...by('show').querySelectorAll('input')];
    const radio = radios.find(({ value }) => value === frame.dataset['show']);
    if (radio !== undefined) radio.checked = true;
    show(radio?.value ?? 'both');
    const again = shape && shapes(shape.dataset['id']).find(isStop);
    if (again) stopAt(again);
    const list = item && items().find((one) => one.dataset['part'] === item.dataset['part']);
    (again ?? list ?? (isShowing ? radio : null))?.focus({ preventScroll: true });
    status.textContent = `updated ${new Date().toLocaleTimeString()}`;
  };
  if (location.protocol === 'http:') {
    const events = new EventSource('events');
    events.addEventListener('change', () => {
      refresh().catch((error: unknown) => {
        status.textContent = error instanceof Error ? error.message : String(error);
      });
    });
    events.addEventListener('error', () => {
      status.textContent = 'not connected: netform graph --serve has ended';
    });
  }
  prepare();
}
