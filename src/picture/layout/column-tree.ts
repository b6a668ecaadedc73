import { appendTo, groupBy } from '../../model/values/group-by.ts';
import { gateInners, type Picture, type Switch } from '../model/picture.ts';
import type { HostGrid } from './host-grid.ts';
import { CLOUD_NODE, type PictureLink } from './picture-links.ts';

/** A node of a column and what hangs below it. */
export type ColumnNode = {
  /** A box, a bridge of the host, a NIC or a grid. */
  readonly id: string;
  /** The bridges inside of a box. */
  readonly hubs: readonly Switch[];
  /** Stand above it, and lead to it. */
  readonly gates: readonly string[];
  readonly children: readonly ColumnBranch[];
};

/** `from` is the node, or the bridge inside of it, that the link to the child begins at. */
export type ColumnBranch = { readonly link: PictureLink; readonly from: string; readonly child: ColumnNode };

/** A picture as trees that stand below each other, and the links that are in none of them. */
export type ColumnTrees = {
  readonly roots: readonly ColumnNode[];
  /** Gates that lead to no part. */
  readonly gates: readonly string[];
  readonly others: readonly PictureLink[];
};

/** The trees of a picture: below each bridge its members, and below a router the LANs that only it leads to. */
export function columnTrees(picture: Picture, links: readonly PictureLink[], grids: readonly HostGrid[]): ColumnTrees {
  const known = treeContext(picture, links, grids);
  const roots: ColumnNode[] = [];
  for (const id of known.order) {
    if (!known.placed.has(id)) roots.push(growTree(id, known));
  }
  const free = picture.gates.filter((gate) => !known.usedGates.has(gate.id)).map(({ id }) => id);
  const isOther = (link: PictureLink) => !known.usedLinks.has(link) && !link.nodes.includes(CLOUD_NODE);
  return { roots, gates: free, others: links.filter(isOther) };
}

type TreeContext = {
  /** Roots first: bridges that the host has an address of, then what else there is, in the order of the file. */
  readonly order: readonly string[];
  readonly roots: ReadonlySet<string>;
  readonly near: ReadonlyMap<string, readonly PictureLink[]>;
  readonly unitOf: (node: string) => string;
  readonly hubsOf: (unit: string) => readonly Switch[];
  readonly gatesOf: ReadonlyMap<string, readonly string[]>;
  readonly rank: (unit: string) => number;
  readonly placed: Set<string>;
  readonly usedLinks: Set<PictureLink>;
  readonly usedGates: Set<string>;
};

function treeContext(picture: Picture, links: readonly PictureLink[], grids: readonly HostGrid[]): TreeContext {
  const { switches, boxes, nics, gates } = picture;
  const hubs = new Map(switches.map((hub) => [hub.id, hub]));
  const gridOf = new Map(grids.flatMap(({ id, members }) => members.map(({ box }) => [box.id, id] as const)));
  const unitOf = (node: string) => {
    const place = hubs.get(node)?.place ?? 'host';
    return place === 'host' ? node : place;
  };
  const roots = switches.filter(({ place, addresses }) => place === 'host' && addresses.length > 0);
  const all = [...roots, ...nics, ...switches, ...boxes].map(({ id }) => gridOf.get(id) ?? unitOf(id));
  const hubsIn = groupBy(switches, ({ place }) => place);
  const near = new Map<string, PictureLink[]>();
  for (const link of links) {
    if (!['wire', 'overlay', 'crowd'].includes(link.sort)) continue;
    for (const unit of new Set(link.nodes.map(unitOf))) appendTo(near, unit, link);
  }
  const gatesOf = new Map<string, string[]>();
  for (const gate of gates) {
    const [inner] = gateInners(gate);
    if (inner !== undefined) appendTo(gatesOf, unitOf(inner), gate.id);
  }
  const inOrder = [...new Set([...switches, ...boxes, ...nics].map(({ id }) => gridOf.get(id) ?? id))];
  const ranks = new Map(inOrder.map((id, i) => [id, i]));
  return {
    order: [...new Set(all)],
    rank: (unit) => ranks.get(unit) ?? 0,
    roots: new Set(roots.map(({ id }) => id)),
    near,
    unitOf,
    hubsOf: (unit) => hubsIn.get(unit) ?? [],
    gatesOf,
    placed: new Set(),
    usedLinks: new Set(),
    usedGates: new Set(),
  };
}

/** Takes all children before the first of them takes its own, so that the members of a LAN stay together. */
function growTree(id: string, known: TreeContext): ColumnNode {
  known.placed.add(id);
  const gates = known.gatesOf.get(id) ?? [];
  for (const gate of gates) known.usedGates.add(gate);
  const hubs = known.hubsOf(id);
  const taken = [id, ...hubs.map((hub) => hub.id)].flatMap((from) => takeChildren(from, id, known));
  const children = taken.map(({ link, from, unit }) => ({ link, from, child: growTree(unit, known) }));
  return { id, hubs, gates, children };
}

function takeChildren(from: string, unit: string, known: TreeContext) {
  const { placed, roots, usedLinks, rank } = known;
  const links = (known.near.get(unit) ?? []).flatMap((link) => {
    const [one, other] = link.nodes;
    const to = one === from ? other : other === from ? one : null;
    return to === null ? [] : [{ link, from, unit: known.unitOf(to) }];
  });
  return links
    .toSorted((a, b) => rank(a.unit) - rank(b.unit))
    .filter(({ link, unit }) => {
      if (placed.has(unit) || roots.has(unit)) return false;
      usedLinks.add(link);
      return placed.add(unit);
    });
}
