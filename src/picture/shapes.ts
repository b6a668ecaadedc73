import { type Crowd, gridOf } from './crowd.ts';
import { tag, xml } from './escape.ts';
import type { Place } from './layout.ts';
import { FONTS, shortened, widthOf } from './measure.ts';
import { type Box, type Gate, type Nic, SIGNS, type Switch, type Word } from './picture.ts';
import {
  badgeWidth,
  gateTexts,
  LONGEST_NAME,
  type MeasuredRow,
  measureBox,
  PADDING,
  ROUTER,
  ROW_HEIGHT,
  switchLines,
  TITLE_HEIGHT,
} from './size.ts';

/** The machine: a frame around everything, with what is to be said of itself in its upper left corner. */
export function frameShape(box: Box, { x, y, width, height }: Place): string {
  const parts = [
    tag('rect', { class: 'frame', x, y, width, height, rx: 16 }),
    text('title soft', box.name, { x: x + 20, y: y + 28 }),
    ...(box.forwarding ? [chip(x + 26 + widthOf(box.name, FONTS.title), y + 14)] : []),
    ...rowsOf(box, { x: x + 6, y: y + 2 }),
  ];
  return part('host', box, parts);
}

/** A namespace: its name, its interfaces with their addresses, its routes, what else it does. */
export function boxShape(box: Box, { x, y, width, height }: Place): string {
  const name = shortened(box.name, LONGEST_NAME);
  const title = { x: x + PADDING, y: y + 22 };
  const hasRows = measureBox(box).lines.length > 0;
  const parts = [
    tag('rect', { class: 'shape', x, y, width, height, rx: 10 }),
    ...(hasRows ? [tag('path', { class: 'head', d: headPath({ x, y, width, height }) })] : []),
    text('title', name, title),
    ...(box.forwarding ? [chip(title.x + widthOf(name, FONTS.title) + 8, y + 8)] : []),
    ...badge(box.word, x + width - 8, y + 8),
    ...rowsOf(box, { x, y }),
  ];
  return part('box', box, parts);
}

/** A bridge. */
export function hubShape(hub: Switch, { x, y, width, height }: Place): string {
  const lines = switchLines(hub).map((line, i) => text('mono', line, { x: x + PADDING + 4, y: y + 46 + i * 17 }));
  const parts = [
    tag('rect', { class: 'shape', x, y, width, height, rx: 20 }),
    tag('path', { class: 'icon', d: switchIcon(x + PADDING + 4, y + 13) }),
    text('title', shortened(hub.name, LONGEST_NAME), { x: x + PADDING + 28, y: y + 25 }),
    ...badge(hub.word, x + width - 12, y + 10),
    ...lines,
  ];
  return part('hub', hub, parts);
}

/** An interface of the machine. */
export function nicShape(nic: Nic, { x, y, width, height }: Place): string {
  const lines = nic.addresses.map((line, i) => text('mono', line, { x: x + PADDING, y: y + 42 + i * 17 }));
  const parts = [
    tag('rect', { class: 'shape', x, y, width, height, rx: 6 }),
    tag('path', { class: 'icon', d: `M${x + PADDING} ${y + 12}h12v10h-3v3h-6v-3h-3z` }),
    text('title', shortened(nic.name, LONGEST_NAME), { x: x + PADDING + 20, y: y + 23 }),
    ...badge(nic.word, x + width - 8, y + 8),
    ...lines,
  ];
  return part('nic', nic, parts);
}

/** NAT or a forward. */
export function gateShape(gate: Gate, { x, y, width, height }: Place): string {
  const [title, line] = gateTexts(gate);
  const parts = [
    tag('rect', { class: 'shape', x, y, width, height, rx: 8 }),
    text('cardname', title, { x: x + PADDING, y: y + 19 }),
    ...badge(gate.word, x + width - 8, y + 5),
    text('mono', line, { x: x + PADDING, y: y + 36 }),
  ];
  return part('gate', gate, parts);
}

export function cloudShape({ x, y }: Place): string {
  const d = `M${x + 30} ${y + 66}c-16 0-24-10-24-21 0-11 9-19 20-19 3-13 14-22 28-22 13 0 24 7 28 19 3-2 7-2 10-2 12 0 22 9 22 22 0 13-10 23-23 23z`;
  const parts = [tag('path', { class: 'shape', d }), text('title middle', 'outside', { x: x + 60, y: y + 46 })];
  return tag('g', { class: 'part cloud', 'data-id': 'outside' }, parts);
}

/** Many hosts of one switch. */
export function crowdShape(crowd: Crowd, { x, y, width, height }: Place): string {
  const cards = gridOf(crowd).places.map(({ member: { box, name, texts }, x: left, y: top }) => {
    const sign = box.word === null ? '' : `${SIGNS[box.word]} `;
    const row = box.rows.find((one) => one.word !== null && one.word !== box.word);
    const other = box.word === null && row?.word ? `${SIGNS[row.word]} ` : '';
    const word = box.word ?? row?.word ?? null;
    const lines = texts.map((line, i) => text('tiny', line, { x: x + left + 10, y: y + top + 33 + i * 15 }));
    const parts = [
      tag('rect', { class: 'shape', x: x + left, y: y + top, ...crowd.card, rx: 7 }),
      text('cardname', `${sign}${other}${name}`, { x: x + left + 10, y: y + top + 18 }),
      ...lines,
    ];
    return part('card', { ...box, word }, parts);
  });
  return tag('g', { class: 'crowd' }, [tag('rect', { class: 'shape', x, y, width, height, rx: 14 }), ...cards]);
}

type Spot = { readonly x: number; readonly y: number };
type Part = { readonly id: string; readonly word: Word | null };

const part = (sort: string, { id, word }: Part, parts: readonly string[]): string =>
  tag('g', { class: `part ${sort}${word === null ? '' : ` is-${word}`}`, 'data-id': id }, parts);

const text = (style: string, content: string, { x, y }: Spot): string =>
  tag('text', { class: style, x, y }, [xml(content)]);

/** A word with its sign, its right end at `right`. */
function badge(word: Word | null, right: number, y: number): readonly string[] {
  if (word === null) return [];
  const width = badgeWidth(word);
  return [
    tag('rect', { class: `badge ${word}`, x: right - width, y, width, height: 18, rx: 9 }),
    text('small on-badge middle', `${SIGNS[word]} ${word}`, { x: right - width / 2, y: y + 13 }),
  ];
}

function chip(x: number, y: number): string {
  const width = widthOf(ROUTER, FONTS.small) + 14;
  return [
    tag('rect', { class: 'tag', x, y, width, height: 18, rx: 9 }),
    text('small soft middle', ROUTER, { x: x + width / 2, y: y + 13 }),
  ].join('');
}

const rowsOf = (box: Box, at: Spot): readonly string[] =>
  measureBox(box).lines.map((line) => rowShape(line, { box, at }));

function rowShape(
  { row, name, texts, x, y }: MeasuredRow,
  { box, at }: { readonly box: Box; readonly at: Spot },
): string {
  const word = row.word === box.word ? null : row.word;
  const style = row.sort === 'interface' ? 'mono' : 'mono soft';
  const second = texts.map((line, i) => text(style, line, { x: at.x + x, y: at.y + y + i * ROW_HEIGHT }));
  const sign = word === null ? '' : `${SIGNS[word]} `;
  const parts = [text(style, `${sign}${name}`, { x: at.x + PADDING, y: at.y + y }), ...second];
  return tag('g', { class: `row${word === null ? '' : ` is-${word}`}`, 'data-row': row.id }, parts);
}

const headPath = ({ x, y, width }: Place): string =>
  `M${x + 1} ${y + TITLE_HEIGHT}v${10 - TITLE_HEIGHT}q0 -9 9 -9h${width - 20}q9 0 9 9v${TITLE_HEIGHT - 10}z`;

/** Two arrows, as on the front of a switch. */
const switchIcon = (x: number, y: number): string =>
  `M${x} ${y + 4}h15m-4-4l4 4l-4 4M${x + 18} ${y + 11}h-15m4-4l-4 4l4 4`;
