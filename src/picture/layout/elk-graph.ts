import type { Box, Picture } from '../model/picture.ts';
import { FONTS, textWidth } from './font-metrics.ts';
import { type HostGrid, hostGridLayout, hostGrids } from './host-grid.ts';
import type { LayoutDirection } from './layout-direction.ts';
import { nodeDepths } from './node-depths.ts';
import { type NodeRanks, nodeRanks } from './node-ranks.ts';
import { CLOUD_SIZE, measureBox, measureGate, measureNic, measureSwitch, type NodeSize } from './part-size.ts';
import { boxPorts, CLOUD_NODE, type PictureLink, pictureLinks } from './picture-links.ts';

/** What the layout library is given: nodes in nodes, and edges between any of them. Pixels. */
export type ElkInputNode = {
  readonly id: string;
  readonly width?: number;
  readonly height?: number;
  readonly children?: ElkInputNode[];
  readonly ports?: ElkInputPort[];
  readonly edges?: ElkInputEdge[];
  readonly layoutOptions?: { readonly [key: string]: string };
};
type ElkInputPort = {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly labels: ElkInputLabel[];
};
type ElkInputEdge = {
  readonly id: string;
  readonly sources: string[];
  readonly targets: string[];
  readonly labels: ElkInputLabel[];
};
type ElkInputLabel = {
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions?: { readonly [key: string]: string };
};

/** A picture ready to be laid out. */
export type LayoutGraph = {
  readonly root: ElkInputNode;
  readonly links: readonly PictureLink[];
  readonly crowds: readonly HostGrid[];
};

/** The picture as a graph to be laid out. */
export function buildLayoutGraph(picture: Picture, direction: LayoutDirection): LayoutGraph {
  const crowds = hostGrids(picture, 'wide');
  const crowded = new Set(crowds.flatMap(({ members }) => members.map(({ box }) => box.id)));
  const ports = boxPorts(picture.wires);
  const links = pictureLinks(picture, crowds, ports);
  const touched = portsByNode(links);
  const at = (id: string, size: NodeSize): ElkInputNode => ({ id, ...nodeSize(size), ports: touched(id) });
  const hubs = (place: string) =>
    picture.switches.filter((one) => one.place === place).map((one) => at(one.id, measureSwitch(one)));
  const inHost: ElkInputNode[] = [
    ...picture.gates.map((gate) => at(gate.id, measureGate(gate))),
    ...picture.nics.map((nic) => at(nic.id, measureNic(nic))),
    ...hubs('host'),
    ...picture.boxes.filter(({ id }) => !crowded.has(id)).map((box) => boxNode(box, hubs(box.id), touched(box.id))),
    ...crowds.map((crowd) => at(crowd.id, hostGridLayout(crowd))),
  ];
  const header = measureBox(picture.host);
  const padding = `[top=${header.height + 18},left=20,bottom=20,right=20]`;
  const least = compoundOptions({ ...header, width: header.width + 24 }, direction);
  const host: ElkInputNode = { id: 'host', children: inHost, layoutOptions: { ...least, 'elk.padding': padding } };
  const cloud = at(CLOUD_NODE, CLOUD_SIZE);
  const nodes = [...inHost, ...picture.switches].map(({ id }) => id);
  const depths = nodeDepths(picture, links, nodes);
  const ranks = nodeRanks(picture, links, crowds);
  const root: ElkInputNode = {
    id: 'root',
    children: (picture.outside ? [cloud, host] : [host]).map((node) => withRank(node, ranks)),
    edges: links.map((link) => elkEdge(link, depths)),
    layoutOptions: { ...OPTIONS, ...LAYER_DISTANCE[direction], ...DIRECTIONS[direction] },
  };
  return { root, links, crowds };
}

/** With the position by which the library orders the nodes of a layer (`semiInteractive`). */
function withRank(node: ElkInputNode, ranks: NodeRanks): ElkInputNode {
  const at = (ranks.get(node.id) ?? 0) * RANK_DISTANCE;
  const children = node.children?.map((child) => withRank(child, ranks));
  return {
    ...node,
    ...(children === undefined ? {} : { children }),
    layoutOptions: { ...node.layoutOptions, 'elk.position': `(${at},${at})` },
  };
}

const RANK_DISTANCE = 10;
/** Pixels that the text at a line takes with its frame. */
const TAG_HEIGHT = 21;

/** Going down, the cloud is at the top, and reaches above its place. */
const DIRECTIONS = {
  right: { 'elk.direction': 'RIGHT', 'elk.padding': '[top=18,left=18,bottom=18,right=18]' },
  down: {
    'elk.direction': 'DOWN',
    'elk.padding': '[top=34,left=18,bottom=12,right=18]',
  },
};

const LAYER_DISTANCE = {
  right: { 'elk.layered.spacing.nodeNodeBetweenLayers': '36' },
  down: { 'elk.layered.spacing.nodeNodeBetweenLayers': '28' },
};

/** Holds in each node that has nodes in it, not in those below. */
const SPACING = {
  'elk.layered.crossingMinimization.semiInteractive': 'true',
  'elk.layered.mergeEdges': 'true',
  'elk.layered.mergeHierarchyEdges': 'true',
  'elk.edgeLabels.inline': 'true',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.componentComponent': '32',
  'elk.layered.spacing.edgeNodeBetweenLayers': '20',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '14',
};

const OPTIONS = {
  ...SPACING,
  'elk.algorithm': 'layered',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.networkSimplex.nodeFlexibility.default': 'NONE',
  'elk.aspectRatio': '1.6',
};

const compoundOptions = ({ width, height }: NodeSize, direction: LayoutDirection) => ({
  ...SPACING,
  ...LAYER_DISTANCE[direction],
  'elk.nodeSize.constraints': 'MINIMUM_SIZE',
  'elk.nodeSize.minimum': `(${width}, ${height})`,
});

const nodeSize = ({ width, height }: NodeSize): NodeSize => ({ width, height });

/** A box with switches in it is a node with nodes in it. */
function boxNode(box: Box, children: ElkInputNode[], ports: ElkInputPort[]): ElkInputNode {
  const size = measureBox(box);
  if (children.length === 0) return { id: box.id, ...nodeSize(size), ports, layoutOptions: PORT_LABELS };
  const padding = `[top=${size.height + 8},left=16,bottom=16,right=16]`;
  return {
    id: box.id,
    children,
    ports,
    layoutOptions: { ...PORT_LABELS, ...compoundOptions(size, 'right'), 'elk.padding': padding },
  };
}

/** The places of a node where single lines end; those of interfaces have names. */
function portsByNode(links: readonly PictureLink[]): (node: string) => ElkInputPort[] {
  const found = new Map<string, Map<string, ElkInputPort>>();
  for (const { sort, nodes, ends } of links) {
    for (const [i, node] of nodes.entries()) {
      const end = ends[i];
      if (end === undefined || end === node) continue;
      const isWired = sort === 'wire' || sort === 'overlay';
      const labels = isWired ? [elkLabel(end.slice(node.length + 1))] : [];
      const port = { id: end, ...(isWired ? PORT : NO_PORT), labels };
      found.set(node, (found.get(node) ?? new Map<string, ElkInputPort>()).set(end, port));
    }
  }
  return (node) => [...(found.get(node)?.values() ?? [])];
}

const NO_PORT = { width: 0, height: 0 };
const PORT = { width: 8, height: 8 };
const PORT_LABELS = {
  'elk.portLabels.placement': 'OUTSIDE',
  'elk.spacing.labelPortHorizontal': '4',
  'elk.spacing.labelPortVertical': '3',
};

const elkLabel = (text: string): ElkInputLabel => ({ text, width: textWidth(text, FONTS.tiny) + 6, height: 15 });

/** From what is nearer to the beginning to what is farther; so the layers come out as a person would draw them. */
function elkEdge({ id, nodes, ends, labels }: PictureLink, depths: ReadonlyMap<string, number>): ElkInputEdge {
  const isTurned = (depths.get(nodes[0]) ?? 0) > (depths.get(nodes[1]) ?? 0);
  const [source, target] = isTurned ? [ends[1], ends[0]] : ends;
  const inline = { 'elk.edgeLabels.inline': 'true' };
  return {
    id,
    sources: [source],
    targets: [target],
    labels: labels.map((text) => ({ ...elkLabel(text), height: TAG_HEIGHT, layoutOptions: inline })),
  };
}
