import { escapeXml, xmlElement } from '../escape.ts';
import type { PixelPoint, PixelRect } from '../layout/elk-layout.ts';
import { FONTS, textWidth, truncateText } from '../layout/font-metrics.ts';
import { type HostGrid, hostGridLayout } from '../layout/host-grid.ts';
import {
  badgeWidth,
  gateCaption,
  LONGEST_NAME,
  measureBox,
  PADDING,
  ROUTER_LABEL,
  ROW_HEIGHT,
  type RowPosition,
  switchLines,
  TITLE_HEIGHT,
} from '../layout/part-size.ts';
import {
  type Box,
  type ChangeStatus,
  type HostNic,
  type NatGate,
  STATUS_SIGNS,
  type Switch,
  statusText,
} from '../model/picture.ts';

/** The machine: a frame around everything. */
export const frameShape = (box: Box, { x, y, width, height }: PixelRect): string =>
  partGroup('host', box, [xmlElement('rect', { class: 'frame', x, y, width, height, rx: 16 })]);

/** The name of the machine and what is to be said of itself, above the lines that pass there. */
export const frameHeader = (box: Box, { x, y }: PixelPoint): string =>
  xmlElement('g', { class: 'frame-header' }, [
    textElement('title soft halo', box.name, { x: x + 20, y: y + 28 }),
    ...(box.forwarding ? [routerBadge(x + 26 + textWidth(box.name, FONTS.title), y + 14)] : []),
    ...rowShapes(box, { x: x + 6, y: y + 2 }),
  ]);

/** A namespace: its name, its interfaces with their addresses, its routes, what else it does. */
export function boxShape(box: Box, { x, y, width, height }: PixelRect): string {
  const name = truncateText(box.name, LONGEST_NAME);
  const title = { x: x + PADDING, y: y + 22 };
  const hasRows = measureBox(box).lines.length > 0;
  const parts = [
    xmlElement('rect', { class: 'shape', x, y, width, height, rx: 10 }),
    ...(hasRows ? [xmlElement('path', { class: 'head', d: headPath({ x, y, width, height }) })] : []),
    textElement('title', name, title),
    ...(box.forwarding ? [routerBadge(title.x + textWidth(name, FONTS.title) + 8, y + 8)] : []),
    ...statusBadge(box.word, x + width - 8, y + 8),
    ...rowShapes(box, { x, y }),
  ];
  return partGroup('box', box, parts);
}

/** A bridge. */
export function hubShape(hub: Switch, { x, y, width, height }: PixelRect): string {
  const lines = switchLines(hub).map((line, i) =>
    textElement('mono', line, { x: x + PADDING + 4, y: y + 46 + i * 17 }),
  );
  const parts = [
    xmlElement('rect', { class: 'shape', x, y, width, height, rx: 20 }),
    xmlElement('path', { class: 'icon', d: switchIcon(x + PADDING + 4, y + 13) }),
    textElement('title', truncateText(hub.name, LONGEST_NAME), { x: x + PADDING + 28, y: y + 25 }),
    ...statusBadge(hub.word, x + width - 12, y + 10),
    ...lines,
  ];
  return partGroup('hub', hub, parts);
}

/** An interface of the machine. */
export function nicShape(nic: HostNic, { x, y, width, height }: PixelRect): string {
  const lines = nic.addresses.map((line, i) => textElement('mono', line, { x: x + PADDING, y: y + 42 + i * 17 }));
  const parts = [
    xmlElement('rect', { class: 'shape', x, y, width, height, rx: 6 }),
    xmlElement('path', { class: 'icon', d: `M${x + PADDING} ${y + 12}h12v10h-3v3h-6v-3h-3z` }),
    textElement('title', truncateText(nic.name, LONGEST_NAME), { x: x + PADDING + 20, y: y + 23 }),
    ...statusBadge(nic.word, x + width - 8, y + 8),
    ...lines,
  ];
  return partGroup('nic', nic, parts);
}

/** NAT or a forward. */
export function gateShape(gate: NatGate, { x, y, width, height }: PixelRect): string {
  const [title, line] = gateCaption(gate);
  const parts = [
    xmlElement('rect', { class: 'shape', x, y, width, height, rx: 8 }),
    textElement('cardname', title, { x: x + PADDING, y: y + 19 }),
    ...statusBadge(gate.word, x + width - 8, y + 5),
    textElement('mono', line, { x: x + PADDING, y: y + 36 }),
  ];
  return partGroup('gate', gate, parts);
}

/** The cloud that stands for everything outside of the machine. */
export function cloudShape({ x, y }: PixelRect): string {
  const d = `M${x + 20} ${y + 44}h80a20 20 0 0 0 20-20v-2a22 22 0 0 0-24-22 32 28 0 0 0-58-8 20 20 0 0 0-26 10 20 20 0 0 0-12 20v2a20 20 0 0 0 20 20z`;
  const parts = [
    xmlElement('path', { class: 'shape', d }),
    textElement('title middle', 'outside', { x: x + 60, y: y + 25 }),
  ];
  return xmlElement('g', { class: 'part cloud', 'data-id': 'outside' }, parts);
}

/** Many hosts of one switch. */
export function hostGridShape(crowd: HostGrid, { x, y, width, height }: PixelRect): string {
  const cards = hostGridLayout(crowd).places.map(({ member: { box, name, texts }, x: left, y: top }) => {
    const sign = box.word === null ? '' : `${STATUS_SIGNS[box.word]} `;
    const row = box.rows.find((one) => one.word !== null && one.word !== box.word);
    const other = box.word === null && row?.word ? `${STATUS_SIGNS[row.word]} ` : '';
    const word = box.word ?? row?.word ?? null;
    const lines = texts.map((line, i) => textElement('tiny', line, { x: x + left + 10, y: y + top + 33 + i * 15 }));
    const parts = [
      xmlElement('rect', { class: 'shape', x: x + left, y: y + top, ...crowd.card, rx: 7 }),
      textElement('cardname', `${sign}${other}${name}`, { x: x + left + 10, y: y + top + 18 }),
      ...lines,
    ];
    return partGroup('card', { ...box, word }, parts);
  });
  return xmlElement('g', { class: 'crowd' }, [
    xmlElement('rect', { class: 'shape', x, y, width, height, rx: 14 }),
    ...cards,
  ]);
}

type TextPosition = { readonly x: number; readonly y: number };
type ShapePart = { readonly id: string; readonly word: ChangeStatus | null };

const partGroup = (sort: string, { id, word }: ShapePart, parts: readonly string[]): string =>
  xmlElement('g', { class: `part ${sort}${word === null ? '' : ` is-${word}`}`, 'data-id': id }, parts);

const textElement = (style: string, content: string, { x, y }: TextPosition): string =>
  xmlElement('text', { class: style, x, y }, [escapeXml(content)]);

/** A word with its sign, its right end at `right`. */
function statusBadge(word: ChangeStatus | null, right: number, y: number): readonly string[] {
  if (word === null) return [];
  const width = badgeWidth(word);
  return [
    xmlElement('rect', { class: `badge ${word}`, x: right - width, y, width, height: 18, rx: 9 }),
    textElement('small on-badge middle', statusText(word), { x: right - width / 2, y: y + 13 }),
  ];
}

function routerBadge(x: number, y: number): string {
  const width = textWidth(ROUTER_LABEL, FONTS.small) + 14;
  return [
    xmlElement('rect', { class: 'tag', x, y, width, height: 18, rx: 9 }),
    textElement('small soft middle', ROUTER_LABEL, { x: x + width / 2, y: y + 13 }),
  ].join('');
}

const rowShapes = (box: Box, at: TextPosition): readonly string[] =>
  measureBox(box).lines.map((line) => rowShape(line, { box, at }));

function rowShape(
  { row, name, texts, x, y }: RowPosition,
  { box, at }: { readonly box: Box; readonly at: TextPosition },
): string {
  const word = row.word === box.word ? null : row.word;
  const style = row.sort === 'interface' ? 'mono' : 'mono soft';
  const second = texts.map((line, i) => textElement(style, line, { x: at.x + x, y: at.y + y + i * ROW_HEIGHT }));
  const sign = word === null ? '' : `${STATUS_SIGNS[word]} `;
  const parts = [textElement(style, `${sign}${name}`, { x: at.x + PADDING, y: at.y + y }), ...second];
  return xmlElement('g', { class: `row${word === null ? '' : ` is-${word}`}`, 'data-row': row.id }, parts);
}

const headPath = ({ x, y, width }: PixelRect): string =>
  `M${x + 1} ${y + TITLE_HEIGHT}v${10 - TITLE_HEIGHT}q0 -9 9 -9h${width - 20}q9 0 9 9v${TITLE_HEIGHT - 10}z`;

/** Two arrows, as on the front of a switch. */
const switchIcon = (x: number, y: number): string =>
  `M${x} ${y + 4}h15m-4-4l4 4l-4 4M${x + 18} ${y + 11}h-15m4-4l-4 4l4 4`;
