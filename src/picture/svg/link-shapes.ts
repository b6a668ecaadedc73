import { escapeXml, xmlElement } from '../escape.ts';
import type { LabelRect, LinkPath, PictureLayout, PixelPoint } from '../layout/elk-layout.ts';
import type { ChangeStatus, Picture } from '../model/picture.ts';

/** A cable, or the way of what passes a gate: with rounded corners and an arrow. */
export function linkShape({ link, points, joints }: LinkPath, picture: Picture): string {
  const word = linkStatus(link.part, picture);
  const is = word === null ? '' : ` is-${word}`;
  const parts = [
    xmlElement('path', { class: `line ${link.sort}${is}`, d: roundedPath(points) }),
    ...joints.map(({ x, y }) => xmlElement('circle', { class: `joint ${link.sort}`, cx: x, cy: y, r: 2.6 })),
    ...(link.arrow === null ? [] : [arrowShape(link.arrow === 1 ? points : points.toReversed(), `${link.sort}${is}`)]),
  ];
  return xmlElement('g', { class: `part wire${is}`, 'data-id': link.part }, parts);
}

/** What is written at a line: the names of its LAN. Above all lines, because another may pass there. */
export function lineTags({ link, labels }: LinkPath, picture: Picture): readonly string[] {
  if (labels.length === 0) return [];
  const word = linkStatus(link.part, picture);
  return [xmlElement('g', { class: `tags${word === null ? '' : ` is-${word}`}` }, labels.map(labelShape))];
}

/** The names of interfaces, beside the ports of boxes that have several. */
export const portLabels = ({ labels, places }: PictureLayout): readonly string[] =>
  labels.flatMap((label) => {
    const port = places.get(label.of);
    if (port === undefined) return [];
    return [
      xmlElement('rect', { class: 'port', x: port.x, y: port.y, width: port.width, height: port.height, rx: 2 }),
      xmlElement('text', { class: 'tiny soft halo', x: label.x + 2, y: label.y + 11 }, [escapeXml(label.text)]),
    ];
  });

const CORNER = 8;

/** Straight pieces with rounded corners between them. */
export function roundedPath(points: readonly PixelPoint[]): string {
  const pieces = points.map((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (before === undefined) return `M${pointText(point)}`;
    if (after === undefined) return `L${pointText(point)}`;
    const radius = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
    return `L${pointText(interpolate(point, before, radius))}Q${pointText(point)} ${pointText(interpolate(point, after, radius))}`;
  });
  return pieces.join('');
}

const distance = (one: PixelPoint, other: PixelPoint): number => Math.hypot(one.x - other.x, one.y - other.y);

/** The point so many pixels from the first on the way to the second. */
function interpolate(from: PixelPoint, to: PixelPoint, pixels: number): PixelPoint {
  const share = distance(from, to) === 0 ? 0 : pixels / distance(from, to);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

const pointText = ({ x, y }: PixelPoint): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;

function arrowShape(points: readonly PixelPoint[], sort: string): string {
  const [before, tip] = [points.at(-2), points.at(-1)];
  if (before === undefined || tip === undefined) return '';
  const base = interpolate(tip, before, 10);
  const [dx, dy] = [(tip.x - base.x) * 0.45, (tip.y - base.y) * 0.45];
  const corners = [tip, { x: base.x - dy, y: base.y + dx }, { x: base.x + dy, y: base.y - dx }];
  return xmlElement('path', { class: `arrow ${sort}`, d: `M${corners.map(pointText).join('L')}Z` });
}

function labelShape({ x, y, width, height, text }: LabelRect): string {
  const middle = y + height / 2;
  return xmlElement('g', {}, [
    xmlElement('rect', { class: 'tag', x: x - 4, y: middle - 9.5, width: width + 8, height: 19, rx: 9 }),
    xmlElement('text', { class: 'tiny soft middle', x: x + width / 2, y: middle + 4 }, [escapeXml(text)]),
  ]);
}

/** What becomes of the part that a line belongs to. */
export function linkStatus(part: string, { wires, gates, nics }: Picture): ChangeStatus | null {
  return [...wires, ...gates, ...nics].find(({ id }) => id === part)?.word ?? null;
}
