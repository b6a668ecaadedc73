import type { Box, Picture } from '../model/picture.ts';
import type { ColumnBranch, ColumnTrees } from './column-tree.ts';
import type { LabelRect, LinkPath, PixelPoint, PixelRect } from './elk-layout.ts';
import { FONTS, textWidth } from './font-metrics.ts';
import { measureBox } from './part-size.ts';
import { CLOUD_NODE, type PictureLink } from './picture-links.ts';

/** A line from a node down to one below it: `x` is where it runs, `tags` stand at its end. */
export type ColumnRail = { readonly branch: ColumnBranch; readonly x: number; readonly tags: readonly LabelRect[] };

/** What has its place in a column so far. */
export type ColumnPlaces = { readonly places: Map<string, PixelRect>; readonly rails: ColumnRail[] };

/** Where the lines from the cloud run: pixels from the border of the host, and between two of them. */
export const LANE_START = 14;
export const LANE_DISTANCE = 10;

type ColumnInput = ColumnPlaces & {
  readonly picture: Picture;
  readonly links: readonly PictureLink[];
  readonly trees: ColumnTrees;
  /** The sorts of links that come from the cloud, each with a lane of its own. */
  readonly lanes: readonly PictureLink['sort'][];
  readonly boxes: ReadonlyMap<string, Box>;
};

/** The lines of a column, and how far they and the nodes reach to the right. */
export function columnLines(known: Omit<ColumnInput, 'boxes'>): {
  readonly lines: readonly LinkPath[];
  readonly right: number;
} {
  const boxes = new Map(known.picture.boxes.map((box) => [box.id, box]));
  const input: ColumnInput = { ...known, boxes };
  const { places, rails, links, trees } = input;
  const cloud = links.filter(({ nodes }) => nodes.includes(CLOUD_NODE)).map((link) => cloudLine(link, input));
  const last = new Map(rails.map((rail) => [`${rail.branch.from} ${rail.x}`, rail]));
  const inside = rails.map((rail) =>
    railLine(rail, { input, isLast: last.get(`${rail.branch.from} ${rail.x}`) === rail }),
  );
  const below = trees.others.filter((link) => isRightBelow(link, input));
  const straight = below.map((link) => straightLine(link, input));
  const others = trees.others.filter((link) => !below.includes(link));
  const tags = otherTags(others, input);
  const parts = [...places].filter(([id]) => id !== CLOUD_NODE).map(([, place]) => place);
  const taken = [...parts, ...tags.flatMap((tag) => tag ?? []), ...rails.flatMap((rail) => rail.tags)];
  const edge = Math.max(0, ...taken.map(({ x, width }) => x + width)) + 4;
  const lanes = assignLanes(others, input);
  const outer = others.map((link, i) =>
    laneLine(link, { input, x: edge + (lanes.get(link.part) ?? 0) * LANE_DISTANCE + 10, tag: tags[i] ?? null }),
  );
  const right = others.length === 0 ? edge : edge + 10 + Math.max(...lanes.values()) * LANE_DISTANCE;
  return { lines: [...cloud, ...inside, ...straight, ...outer], right };
}

/** From the first end of the link to the second. */
const linkPath = (
  link: PictureLink,
  points: readonly PixelPoint[],
  more: Partial<LinkPath> & { readonly begins: string },
): LinkPath => ({
  link,
  points: link.nodes[0] === more.begins ? points : points.toReversed(),
  joints: more.joints ?? [],
  labels: more.labels ?? [],
});

function cloudLine(link: PictureLink, { places, lanes }: ColumnInput): LinkPath {
  const cloud = places.get(CLOUD_NODE) ?? EMPTY;
  const other = link.nodes[0] === CLOUD_NODE ? link.nodes[1] : link.nodes[0];
  const target = places.get(other) ?? EMPTY;
  const x = cloud.x + LANE_START + lanes.indexOf(link.sort) * LANE_DISTANCE;
  const y = target.y + Math.min(22, target.height / 2);
  const points = [
    { x, y: cloud.y + cloud.height },
    { x, y },
    { x: target.x, y },
  ];
  return linkPath(link, points, { begins: CLOUD_NODE });
}

const EMPTY = { x: 0, y: 0, width: 0, height: 0 };

function railLine(
  rail: ColumnRail,
  { input, isLast }: { readonly input: ColumnInput; readonly isLast: boolean },
): LinkPath {
  const { branch, x, tags } = rail;
  const { link, from } = branch;
  const parent = input.places.get(from) ?? EMPTY;
  const side = link.nodes[0] === from ? 1 : 0;
  const child = input.places.get(link.nodes[side]) ?? EMPTY;
  const y = entryHeight(link, side, input);
  const points = [
    { x, y: parent.y + parent.height },
    { x, y },
    { x: child.x, y },
  ];
  return linkPath(link, points, { begins: from, joints: isLast ? [] : [{ x, y }], labels: tags });
}

/** Where a link meets a node: at the line of its interface, else at the title. */
function entryHeight({ nodes, ends }: PictureLink, side: 0 | 1, { places, boxes }: ColumnInput): number {
  const node = nodes[side];
  const place = places.get(node) ?? EMPTY;
  const box = boxes.get(node);
  if (box === undefined) return place.y + Math.min(24, place.height / 2);
  const wire = ends[side] === node ? null : ends[side].slice(node.length + 1);
  const lines = measureBox(box).lines.filter(({ row }) => row.sort === 'interface');
  const line = wire === null ? (lines.length === 1 ? lines[0] : undefined) : lines.find(({ name }) => name === wire);
  return line === undefined ? place.y + 17 : place.y + line.y - 4;
}

/** Whether the gate of a link stands right above what it leads to. */
function isRightBelow({ nodes, sort }: PictureLink, { places }: ColumnInput): boolean {
  if (sort !== 'nat' && sort !== 'forward') return false;
  const [gate, target] = [places.get(nodes[0]) ?? EMPTY, places.get(nodes[1]) ?? EMPTY];
  const distance = target.y - gate.y - gate.height;
  return gate.x === target.x && distance > 0 && distance < MAX_DISTANCE;
}

const MAX_DISTANCE = 30;

function straightLine(link: PictureLink, { places }: ColumnInput): LinkPath {
  const [gate, target] = [places.get(link.nodes[0]) ?? EMPTY, places.get(link.nodes[1]) ?? EMPTY];
  const x = gate.x + 44;
  return linkPath(
    link,
    [
      { x, y: gate.y + gate.height },
      { x, y: target.y },
    ],
    { begins: link.nodes[0] },
  );
}

/** Right of the box with the first end of each link, on its line; those of one place side by side. */
function otherTags(others: readonly PictureLink[], input: ColumnInput): readonly (LabelRect | null)[] {
  const taken = new Map<string, number>();
  const inBoxes = input.picture.switches.filter(({ place }) => place !== 'host');
  const places = new Map(inBoxes.map(({ id, place }) => [id, place]));
  return others.map((link) => {
    const text = link.labels.join(', ');
    if (text === '') return null;
    const box = places.get(link.nodes[0]);
    const place = input.places.get(box ?? link.nodes[0]) ?? EMPTY;
    const y = entryHeight(link, 0, input) - 8;
    const x = taken.get(`${link.nodes[0]} ${y}`) ?? place.x + place.width + 12;
    const width = textWidth(text, FONTS.tiny) + 6;
    taken.set(`${link.nodes[0]} ${y}`, x + width + 14);
    return { x, y, width, height: 15, text, of: link.id };
  });
}

/** The lane of each part that lines on the right belong to: parts whose lines do not meet share one. */
function assignLanes(others: readonly PictureLink[], input: ColumnInput): ReadonlyMap<string, number> {
  const spans = new Map<string, { top: number; bottom: number }>();
  for (const link of others) {
    const ends = [entryHeight(link, 0, input), entryHeight(link, 1, input)];
    const known = spans.get(link.part) ?? { top: Number.POSITIVE_INFINITY, bottom: 0 };
    spans.set(link.part, { top: Math.min(known.top, ...ends), bottom: Math.max(known.bottom, ...ends) });
  }
  const free: number[] = [];
  const lanes = new Map<string, number>();
  for (const [part, { top, bottom }] of [...spans].toSorted(([, a], [, b]) => a.top - b.top)) {
    const found = free.findIndex((end) => end < top);
    const lane = found < 0 ? free.length : found;
    free[lane] = bottom;
    lanes.set(part, lane);
  }
  return lanes;
}

type LaneOptions = { readonly input: ColumnInput; readonly x: number; readonly tag: LabelRect | null };

function laneLine(link: PictureLink, { input, x, tag }: LaneOptions): LinkPath {
  const points = ([0, 1] as const).map((side) => {
    const place = input.places.get(link.nodes[side]) ?? EMPTY;
    return { x: place.x + place.width, y: entryHeight(link, side, input) };
  });
  const [first = EMPTY, last = EMPTY] = points;
  const path = [first, { x, y: first.y }, { x, y: last.y }, last];
  return linkPath(link, path, { begins: link.nodes[0], labels: tag === null ? [] : [tag] });
}
