import { appendTo } from '../../model/values/group-by.ts';
import { addedParts, gateInners, type Picture } from '../model/picture.ts';
import type { HostGrid } from './host-grid.ts';
import type { PictureLink } from './picture-links.ts';

/**
 * The order of the nodes of one layer, by id. Bridges, and so LANs, are in the order of the file, each with its members
 * behind it; a gate is beside what it leads to.
 */
export function nodeRanks(picture: Picture, links: readonly PictureLink[], grids: readonly HostGrid[]): NodeRanks {
  const order = fileOrder(picture, grids);
  const near = neighboursInOrder(picture, links, order);
  const placed = new Set<string>();
  for (const hub of picture.switches) {
    placed.add(hub.id);
    for (const member of membersInOrder(hub.id, near, order)) placed.add(member);
  }
  // Sets that grow while they are read: each node is followed by those that only cables connect to it.
  const addNeighbours = (nodes: Set<string>) => {
    for (const node of nodes) {
      for (const next of near.get(node) ?? []) if (!placed.has(next)) nodes.add(next);
      placed.add(node);
    }
  };
  addNeighbours(placed);
  for (const start of order.keys()) if (!placed.has(start)) addNeighbours(new Set([start]));
  const ranks = new Map([...placed].map((node, i) => [node, i]));
  const added = addedParts(picture);
  const firstOf = (hub: string) =>
    (near.get(hub) ?? [])
      .filter((member) => !added.has(member) && rankOf(ranks, member) > rankOf(ranks, hub))
      .toSorted((a, b) => rankOf(ranks, a) - rankOf(ranks, b))[0];
  for (const gate of picture.gates) {
    const [target] = gateInners(gate);
    const [hub] = near.get(target ?? '') ?? [];
    const isFirst = hub !== undefined && target === firstOf(hub);
    // Before what it leads to; before its bridge, when that is the first member there.
    ranks.set(gate.id, target === undefined ? -1 : rankOf(ranks, isFirst ? hub : target) - 0.5);
  }
  return ranks;
}

/** Places of nodes among each other; the smaller is further up, or further to the left. */
export type NodeRanks = ReadonlyMap<string, number>;

/** Bridges before boxes before the NICs of the host; a grid is where its first host is. */
function fileOrder({ switches, boxes, nics }: Picture, grids: readonly HostGrid[]): NodeRanks {
  const gridOf = new Map(grids.flatMap(({ id, members }) => members.map(({ box }) => [box.id, id] as const)));
  const nodes = [...switches, ...boxes, ...nics].map(({ id }) => gridOf.get(id) ?? id);
  return new Map([...new Set(nodes)].map((id, i) => [id, i]));
}

function neighboursInOrder(picture: Picture, links: readonly PictureLink[], order: NodeRanks) {
  const inner = picture.switches.filter(({ place }) => place !== 'host').map(({ id, place }) => [id, place] as const);
  const near = new Map<string, string[]>();
  for (const [one, other] of [...links.map(({ nodes }) => nodes), ...inner]) {
    if (!order.has(one) || !order.has(other)) continue;
    appendTo(near, one, other);
    appendTo(near, other, one);
  }
  for (const nodes of near.values()) nodes.sort((a, b) => rankOf(order, a) - rankOf(order, b));
  return near;
}

const rankOf = (ranks: NodeRanks, node: string): number => ranks.get(node) ?? 0;

/** The members of a LAN in the order of the file; among their own places, routers in the order of the LANs beyond them. */
function membersInOrder(hub: string, near: ReadonlyMap<string, readonly string[]>, order: NodeRanks) {
  const members = near.get(hub) ?? [];
  const beyond = (member: string): number =>
    Math.min(...(near.get(member) ?? []).filter((one) => one !== hub).map((one) => rankOf(order, one)));
  const isRouter = (member: string) => beyond(member) < Number.POSITIVE_INFINITY;
  const routers = members.filter(isRouter).toSorted((a, b) => beyond(a) - beyond(b));
  return members.map((member) => (isRouter(member) ? (routers.shift() ?? member) : member));
}
