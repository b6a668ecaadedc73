import { xmlElement } from '../escape.ts';
import type { Picture } from '../model/picture.ts';

/** One symbol of a drawing with what it means. `mark` is markup, 26 by 16 pixels. */
export type LegendSymbol = { readonly text: string; readonly mark: string };

/** The size of a symbol in pixels. */
export const SYMBOL_SIZE = { width: 26, height: 16 };

/** The symbols that a picture has. */
export function legendSymbols({ switches, wires, gates, boxes, host }: Picture): readonly LegendSymbol[] {
  const all: readonly (LegendSymbol & { readonly isUsed: boolean })[] = [
    { text: 'LAN: a bridge', mark: hubMark, isUsed: switches.length > 0 },
    { text: 'router: forwards packets', mark: routerMark, isUsed: [host, ...boxes].some((box) => box.forwarding) },
    { text: 'to the default gateway', mark: arrowMark, isUsed: wires.some(({ towards }) => towards !== null) },
    { text: 'NAT or port forward', mark: gateMark, isUsed: gates.length > 0 },
    { text: 'tunnel, or link on a NIC', mark: overlayMark, isUsed: wires.some(({ overlay }) => overlay !== null) },
  ];
  return all.filter(({ isUsed }) => isUsed).map(({ text, mark }) => ({ text, mark }));
}

const rect = (style: string, rx: number) => xmlElement('rect', { class: style, x: 1, y: 2, width: 24, height: 12, rx });
const line = (style: string, end: number) => xmlElement('path', { class: `line ${style}`, d: `M0 8H${end}` });
const arrow = (style: string) => xmlElement('path', { class: `arrow ${style}`, d: 'M26 8L16 3.5L16 12.5Z' });

const hubMark = xmlElement('g', { class: 'hub' }, [rect('shape', 6)]);
const routerMark = rect('tag', 6);
const arrowMark = `${line('wire', 18)}${arrow('wire')}`;
const gateMark = `${line('nat', 18)}${arrow('nat')}`;
const overlayMark = line('overlay', 26);
