import { type Crowd, crowdsOf, gridOf } from './crowd.ts';
import { depthsOf } from './depth.ts';
import { CLOUD, type Link, linksOf, portsOf } from './links.ts';
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
type Label = {
  readonly text: string;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions?: { readonly [key: string]: string };
};

/** A picture ready to be laid out. */
export type Graph = { readonly root: Node; readonly links: readonly Link[]; readonly crowds: readonly Crowd[] };

/** The picture as a graph to be laid out, from the left (what is outside) to the right. */
export function graphOf(picture: Picture): Graph {
  const crowds = crowdsOf(picture);
  const crowded = new Set(crowds.flatMap(({ members }) => members.map(({ box }) => box.id)));
  const ports = portsOf(picture.wires);
  const links = linksOf(picture, crowds, ports);
  const touched = touchesOf(links);
  const at = (id: string, size: Size): Node => ({ id, ...sizeOf(size), ports: touched(id) });
  const hubs = (place: string) =>
    picture.switches.filter((one) => one.place === place).map((one) => at(one.id, measureSwitch(one)));
  const inHost: Node[] = [
    ...picture.gates.map((gate) => at(gate.id, measureGate(gate))),
    ...picture.nics.map((nic) => at(nic.id, measureNic(nic))),
    ...hubs('host'),
    ...picture.boxes.filter(({ id }) => !crowded.has(id)).map((box) => nodeOfBox(box, hubs(box.id), touched(box.id))),
    ...crowds.map((crowd) => at(crowd.id, gridOf(crowd))),
  ];
  const header = measureBox(picture.host);
  const padding = `[top=${header.height + 18},left=24,bottom=24,right=24]`;
  const least = compound({ ...header, width: header.width + 24 });
  const host: Node = { id: 'host', children: inHost, layoutOptions: { ...least, 'elk.padding': padding } };
  const cloud = at(CLOUD, { width: 124, height: 76 });
  const nodes = [...inHost, ...picture.switches].map(({ id }) => id);
  const depths = depthsOf(picture, links, nodes);
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
  'elk.layered.mergeEdges': 'true',
  'elk.layered.mergeHierarchyEdges': 'true',
  'elk.edgeLabels.inline': 'true',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.componentComponent': '32',
  'elk.layered.spacing.nodeNodeBetweenLayers': '44',
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
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.networkSimplex.nodeFlexibility.default': 'NONE',
  'elk.aspectRatio': '1.6',
};

const compound = ({ width, height }: { readonly width: number; readonly height: number }) => ({
  ...SPACING,
  'elk.nodeSize.constraints': 'MINIMUM_SIZE',
  'elk.nodeSize.minimum': `(${width}, ${height})`,
});

type Size = { readonly width: number; readonly height: number };

const sizeOf = ({ width, height }: Size): Size => ({ width, height });

/** A box with switches in it is a node with nodes in it. */
function nodeOfBox(box: Box, children: Node[], ports: Port[]): Node {
  const size = measureBox(box);
  if (children.length === 0) return { id: box.id, ...sizeOf(size), ports, layoutOptions: PORT_LABELS };
  const padding = `[top=${size.height + 8},left=16,bottom=16,right=16]`;
  return { id: box.id, children, ports, layoutOptions: { ...PORT_LABELS, ...compound(size), 'elk.padding': padding } };
}

/** The places of a node where single lines end; those of interfaces have names. */
function touchesOf(links: readonly Link[]): (node: string) => Port[] {
  const found = new Map<string, Map<string, Port>>();
  for (const { sort, nodes, ends } of links) {
    for (const [i, node] of nodes.entries()) {
      const end = ends[i];
      if (end === undefined || end === node) continue;
      const labels = sort === 'wire' ? [labelOf(end.slice(node.length + 1))] : [];
      const port = { id: end, ...(sort === 'wire' ? PORT : NO_PORT), labels };
      found.set(node, (found.get(node) ?? new Map<string, Port>()).set(end, port));
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

const labelOf = (text: string): Label => ({ text, width: widthOf(text, FONTS.tiny) + 6, height: 15 });

/** From what is nearer to the beginning to what is farther; so the layers come out as a person would draw them. */
function directed({ id, nodes, ends, labels }: Link, depths: ReadonlyMap<string, number>): Edge {
  const isTurned = (depths.get(nodes[0]) ?? 0) > (depths.get(nodes[1]) ?? 0);
  const [source, target] = isTurned ? [ends[1], ends[0]] : ends;
  const inline = { 'elk.edgeLabels.inline': 'true' };
  return {
    id,
    sources: [source],
    targets: [target],
    labels: labels.map((text) => ({ ...labelOf(text), layoutOptions: inline })),
  };
}
