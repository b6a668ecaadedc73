import { tag, xml } from './escape.ts';
import type { Label, Layout, Line, Point } from './layout.ts';
import type { Picture, Word } from './picture.ts';

/** A cable, or the way of what passes a gate: with rounded corners, an arrow, the names of its LAN. */
export function lineShape({ link, points, joints, labels }: Line, picture: Picture): string {
  const word = wordOf(link.part, picture);
  const is = word === null ? '' : ` is-${word}`;
  const parts = [
    tag('path', { class: `line ${link.sort}${is}`, d: pathOf(points) }),
    ...joints.map(({ x, y }) => tag('circle', { class: 'joint', cx: x, cy: y, r: 2.6 })),
    ...(link.arrow === null ? [] : [arrowShape(link.arrow === 1 ? points : points.toReversed(), `${link.sort}${is}`)]),
    ...labels.map(labelShape),
  ];
  return tag('g', { class: `part wire${is}`, 'data-id': link.part }, parts);
}

/** The names of interfaces, beside the ports of boxes that have several. */
export const portLabels = ({ labels, places }: Layout): readonly string[] =>
  labels.flatMap((label) => {
    const port = places.get(label.of);
    if (port === undefined) return [];
    return [
      tag('rect', { class: 'port', x: port.x, y: port.y, width: port.width, height: port.height, rx: 2 }),
      tag('text', { class: 'tiny soft halo', x: label.x + 2, y: label.y + 11 }, [xml(label.text)]),
    ];
  });

const CORNER = 8;

/** Straight pieces with rounded corners between them. */
export function pathOf(points: readonly Point[]): string {
  const pieces = points.map((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined) return `M${at(point)}`;
    if (after === undefined) return `L${at(point)}`;
    const radius = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
    return `L${at(between(point, before, radius))}Q${at(point)} ${at(between(point, after, radius))}`;
  });
  return pieces.join('');
}

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);

/** The point so many pixels from the first on the way to the second. */
function between(from: Point, to: Point, pixels: number): Point {
  const share = distance(from, to) === 0 ? 0 : pixels / distance(from, to);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

const at = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;

function arrowShape(points: readonly Point[], sort: string): string {
  const [before, tip] = [points.at(-2), points.at(-1)];
  if (before === undefined || tip === undefined) return '';
  const base = between(tip, before, 10);
  const [dx, dy] = [(tip.x - base.x) * 0.45, (tip.y - base.y) * 0.45];
  const corners = [tip, { x: base.x - dy, y: base.y + dx }, { x: base.x + dy, y: base.y - dx }];
  return tag('path', { class: `arrow ${sort}`, d: `M${corners.map(at).join('L')}Z` });
}

const labelShape = ({ x, y, width, height, text }: Label): string =>
  tag('g', {}, [
    tag('rect', { class: 'tag', x: x - 4, y: y - 2, width: width + 8, height: height + 4, rx: 9 }),
    tag('text', { class: 'tiny soft middle', x: x + width / 2, y: y + 11 }, [xml(text)]),
  ]);

/** What becomes of the part that a line belongs to. */
export function wordOf(part: string, { wires, gates, nics }: Picture): Word | null {
  return [...wires, ...gates, ...nics].find(({ id }) => id === part)?.word ?? null;
}
