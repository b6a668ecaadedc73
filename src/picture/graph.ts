import { type Crowd, crowdsOf, gridOf } from './crowd.ts';
import { depthsOf } from './depth.ts';
import { CLOUD, type Link, linksOf, type Ports, portId, portsOf } from './links.ts';
import { FONTS, widthOf } from './measure.ts';
import type { Box, Picture } from './picture.ts';
import { measureBox, measureGate, measureNic, measureSwitch } from './size.ts';

/** What the layout library is given: nodes in nodes, and edges between any of them. Pixels. */
export type Node = {
  readonly id: string;
  readonly width?: number;
  readonly height?: number;
  readonly children?: Node[];
  readonly ports?: Port[];
  readonly edges?: Edge[];
  readonly layoutOptions?: { readonly [key: string]: string };
};
type Port = { readonly id: string; readonly width: number; readonly height: number; readonly labels: Label[] };
type Edge = { readonly id: string; readonly sources: string[]; readonly targets: string[]; readonly labels: Label[] };
type Label = { readonly text: string; readonly width: number; readonly height: number };

/** A picture ready to be laid out. */
export type Graph = { readonly root: Node; readonly links: readonly Link[]; readonly crowds: readonly Crowd[] };

/** The picture as a graph to be laid out, from the left (what is outside) to the right. */
export function graphOf(picture: Picture): Graph {
  const crowds = crowdsOf(picture);
  const crowded = new Set(crowds.flatMap(({ members }) => members.map(({ box }) => box.id)));
  const ports = portsOf(picture.wires);
  const links = linksOf(picture, crowds, ports);
  const inHost: Node[] = [
    ...picture.gates.map((gate): Node => ({ id: gate.id, ...measureGate(gate) })),
    ...picture.nics.map((nic): Node => ({ id: nic.id, ...measureNic(nic) })),
    ...switchesIn(picture, 'host'),
    ...picture.boxes.filter(({ id }) => !crowded.has(id)).map((box) => nodeOfBox(picture, box, ports)),
    ...crowds.map((crowd): Node => ({ id: crowd.id, ...sizeOf(gridOf(crowd)) })),
  ];
  const header = measureBox(picture.host);
  const padding = `[top=${header.height + 18},left=24,bottom=24,right=24]`;
  const least = compound({ ...header, width: header.width + 24 });
  const host: Node = { id: 'host', children: inHost, layoutOptions: { ...least, 'elk.padding': padding } };
  const cloud: Node = { id: CLOUD, width: 124, height: 76 };
  const depths = depthsOf(
    picture,
    links,
    inHost.map(({ id }) => id),
  );
  const root: Node = {
    id: 'root',
    children: picture.outside ? [cloud, host] : [host],
    edges: links.map((link) => directed(link, depths)),
    layoutOptions: OPTIONS,
  };
  return { root, links, crowds };
}

/** Holds in each node that has nodes in it, not in those below. */
const SPACING = {
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.componentComponent': '32',
  'elk.layered.spacing.nodeNodeBetweenLayers': '56',
  'elk.layered.spacing.edgeNodeBetweenLayers': '20',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '14',
};

const OPTIONS = {
  ...SPACING,
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.padding': '[top=24,left=24,bottom=24,right=24]',
  'elk.layered.mergeEdges': 'true',
  'elk.layered.mergeHierarchyEdges': 'true',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.networkSimplex.nodeFlexibility.default': 'NONE',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.aspectRatio': '1.6',
};

const compound = ({ width, height }: { readonly width: number; readonly height: number }) => ({
  ...SPACING,
  'elk.nodeSize.constraints': 'MINIMUM_SIZE',
  'elk.nodeSize.minimum': `(${width}, ${height})`,
});

const sizeOf = ({ width, height }: { readonly width: number; readonly height: number }) => ({ width, height });

const switchesIn = (picture: Picture, place: string): Node[] =>
  picture.switches.filter((one) => one.place === place).map((one) => ({ id: one.id, ...measureSwitch(one) }));

/** A box with switches in it is a node with nodes in it. */
function nodeOfBox(picture: Picture, box: Box, all: Ports): Node {
  const size = measureBox(box);
  const children = switchesIn(picture, box.id);
  const ports = (all.get(box.id) ?? []).map((name) => ({ id: portId(box.id, name), ...PORT, labels: [labelOf(name)] }));
  if (children.length === 0) return { id: box.id, ...sizeOf(size), ports, layoutOptions: PORT_LABELS };
  const padding = `[top=${size.height + 8},left=16,bottom=16,right=16]`;
  return { id: box.id, children, ports, layoutOptions: { ...PORT_LABELS, ...compound(size), 'elk.padding': padding } };
}

const PORT = { width: 8, height: 8 };
const PORT_LABELS = {
  'elk.portLabels.placement': 'OUTSIDE',
  'elk.spacing.labelPortHorizontal': '4',
  'elk.spacing.labelPortVertical': '3',
};

const labelOf = (text: string): Label => ({ text, width: widthOf(text, FONTS.tiny) + 6, height: 15 });

/** From what is nearer to the beginning to what is farther; so the layers come out as a person would draw them. */
function directed({ id, nodes, ends, labels }: Link, depths: ReadonlyMap<string, number>): Edge {
  const isTurned = (depths.get(nodes[0]) ?? 0) > (depths.get(nodes[1]) ?? 0);
  const [source, target] = isTurned ? [ends[1], ends[0]] : ends;
  return { id, sources: [source], targets: [target], labels: labels.map(labelOf) };
}
