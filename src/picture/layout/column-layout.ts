import type { Picture } from '../model/picture.ts';
import { type ColumnPlaces, columnLines, LANE_DISTANCE, LANE_START } from './column-lines.ts';
import { type ColumnBranch, type ColumnNode, columnTrees } from './column-tree.ts';
import type { LabelRect, PictureLayout } from './elk-layout.ts';
import { FONTS, textWidth } from './font-metrics.ts';
import { hostGridLayout, hostGrids } from './host-grid.ts';
import { CLOUD_SIZE, measureBox, measureGate, measureNic, measureSwitch, type NodeSize } from './part-size.ts';
import { boxPorts, CLOUD_NODE, pictureLinks } from './picture-links.ts';

/** A picture as one column for a narrow screen: what hangs on a bridge or a router stands below it, further to the right. */
export function columnLayout(picture: Picture): PictureLayout {
  const crowds = hostGrids(picture, 'column');
  const links = pictureLinks(picture, crowds, boxPorts(picture.wires));
  const trees = columnTrees(picture, links, crowds);
  const lanes = [...new Set(links.filter(({ nodes }) => nodes.includes(CLOUD_NODE)).map(({ sort }) => sort))];
  const placed: ColumnPlaces = { places: new Map(), rails: [] };
  const top = MARGIN + (picture.outside ? CLOUD_SIZE.height + CLOUD_BUMP + CLOUD_GAP : 0);
  if (picture.outside) placed.places.set(CLOUD_NODE, { x: MARGIN, y: MARGIN + CLOUD_BUMP, ...CLOUD_SIZE });
  const header = measureBox(picture.host);
  const left = MARGIN + LANE_START + lanes.length * LANE_DISTANCE;
  const sizes = columnSizes(picture, crowds);
  let y = top + header.height + 12;
  for (const gate of trees.gates) y = putNode(gate, { x: left, y, sizes, placed });
  for (const root of trees.roots) y = putTree(root, { x: left, y, sizes, placed });
  const { lines, right } = columnLines({ picture, links, trees, lanes, ...placed });
  const headerX = left - LANE_START;
  const width = Math.max(right, headerX + header.width) + PADDING;
  const height = y + PADDING - GAP;
  placed.places.set('host', { x: MARGIN, y: top, width: width - MARGIN, height: height - top });
  const size = { width: width + MARGIN, height: height + MARGIN };
  return { picture, crowds, ...size, places: placed.places, lines, labels: [], header: { x: headerX - 6, y: top } };
}

const MARGIN = 8;
const CLOUD_GAP = 22;
/** How far the cloud reaches above its place. */
const CLOUD_BUMP = 28;
const PADDING = 12;
/** Between two nodes, one below the other. */
const GAP = 14;
const RAIL_START = 10;
const RAIL_DISTANCE = 14;
const TAG_HEIGHT = 15;
const TAG_DISTANCE = 21;

type ColumnPosition = {
  readonly x: number;
  readonly y: number;
  readonly sizes: ReadonlyMap<string, NodeSize>;
  readonly placed: ColumnPlaces;
};

function columnSizes(picture: Picture, crowds: PictureLayout['crowds']): ReadonlyMap<string, NodeSize> {
  return new Map<string, NodeSize>([
    ...picture.boxes.map((box) => [box.id, measureBox(box)] as const),
    ...picture.switches.map((hub) => [hub.id, measureSwitch(hub)] as const),
    ...picture.nics.map((nic) => [nic.id, measureNic(nic)] as const),
    ...picture.gates.map((gate) => [gate.id, measureGate(gate)] as const),
    ...crowds.map((crowd) => [crowd.id, hostGridLayout(crowd)] as const),
  ]);
}

/** Puts one node at its place; gives where the next one can begin. */
function putNode(id: string, { x, y, sizes, placed }: ColumnPosition): number {
  const { width, height } = sizes.get(id) ?? { width: 0, height: 0 };
  placed.places.set(id, { x, y, width, height });
  return y + height + GAP;
}

/** Puts the gates of a node, the node, and below it, behind the lines that lead there, its children. */
function putTree(node: ColumnNode, at: ColumnPosition): number {
  const { x, sizes, placed } = at;
  let { y } = at;
  for (const gate of node.gates) y = putNode(gate, { ...at, y }) + 4;
  const size = sizes.get(node.id) ?? { width: 0, height: 0 };
  let bottom = y + size.height;
  let { width } = size;
  const railOf = new Map([[node.id, x + RAIL_START]]);
  for (const [i, hub] of node.hubs.entries()) {
    const hubX = x + 16 + i * RAIL_DISTANCE;
    const hubSize = sizes.get(hub.id) ?? { width: 0, height: 0 };
    placed.places.set(hub.id, { x: hubX, y: bottom + 6, ...hubSize });
    railOf.set(hub.id, hubX + 8);
    width = Math.max(width, hubX - x + hubSize.width + 12);
    bottom += hubSize.height + 12;
  }
  const height = bottom - y + (node.hubs.length > 0 ? 4 : 0);
  placed.places.set(node.id, { x, y, width, height });
  y += height + GAP;
  const childX = Math.max(...railOf.values()) + 20;
  for (const branch of node.children) {
    const railX = railOf.get(branch.from) ?? x + RAIL_START;
    const tags = branchTexts(branch).map((text, i): LabelRect => {
      const width = textWidth(text, FONTS.tiny) + 6;
      return { text, of: branch.link.id, x: railX + 10, y: y - 2 + i * TAG_DISTANCE, width, height: TAG_HEIGHT };
    });
    placed.rails.push({ branch, x: railX, tags });
    y = putTree(branch.child, { ...at, x: childX, y: y + (tags.length > 0 ? tags.length * TAG_DISTANCE + 2 : 0) });
  }
  return y;
}

/** The interface of a box that has several, and the LANs of a cable: one text, or several where it would be long. */
function branchTexts({ link, from }: ColumnBranch): readonly string[] {
  if (link.sort === 'crowd') return [];
  const end = link.ends[link.nodes[0] === from ? 0 : 1];
  const port = end === from ? '' : end.slice(from.length + 1);
  const texts = [port, ...link.labels].filter(Boolean);
  const whole = texts.join(' · ');
  return whole.length > LONGEST_TAG ? texts : [whole].filter(Boolean);
}

const LONGEST_TAG = 30;
