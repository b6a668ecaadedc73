import { addedParts, type Picture } from '../model/picture.ts';
import { CLOUD_NODE, type PictureLink } from './picture-links.ts';

/** How many steps each node is from where the drawing begins: what is outside, or else the middle of what hangs together. */
export function nodeDepths(
  picture: Picture,
  links: readonly PictureLink[],
  nodes: readonly string[],
): ReadonlyMap<string, number> {
  const place = new Map(picture.switches.map(({ id, place }) => [id, place === 'host' ? id : place]));
  const unit = (node: string) => place.get(node) ?? node;
  // A forward leads to a host that is also on a LAN: its place is there.
  const leading = links.filter(({ sort, nodes }) => sort !== 'forward' || nodes[0] === CLOUD_NODE);
  const near = adjacencyOf(leading.map(({ nodes: [one, other] }) => [unit(one), unit(other)] as const));
  const depths = new Map<string, number>();
  for (const root of [...rootNodes(picture, links), ...nodes.map(unit)]) {
    if (depths.has(root)) continue;
    const middle = root === CLOUD_NODE || rootNodes(picture, links).includes(root) ? root : centreNode(root, near);
    for (const [node, depth] of distancesFrom(middle, near)) depths.set(node, depth);
  }
  balanceSides(depths, near, addedParts(picture));
  return new Map([...new Set([...nodes, ...depths.keys()])].map((node) => [node, depths.get(unit(node)) ?? 0]));
}

type Adjacency = ReadonlyMap<string, ReadonlySet<string>>;

/** What is outside; and what is at the other end of a cable through which NAT leads. */
function rootNodes({ gates, outside }: Picture, links: readonly PictureLink[]): readonly string[] {
  const outer = new Set(gates.map((gate) => gate.outer));
  const beyond = links
    .filter(({ sort, nodes: [one, other] }) => sort === 'wire' && (outer.has(one) || outer.has(other)))
    .map(({ nodes: [one, other] }) => (outer.has(one) ? other : one));
  return outside ? [CLOUD_NODE, ...beyond] : beyond;
}

function adjacencyOf(pairs: readonly (readonly [string, string])[]): Adjacency {
  const near = new Map<string, Set<string>>();
  for (const [one, other] of [...pairs, ...pairs.map(([one, other]) => [other, one] as const)]) {
    const known = near.get(one);
    if (known === undefined) near.set(one, new Set([other]));
    else known.add(other);
  }
  return near;
}

function distancesFrom(root: string, near: Adjacency): ReadonlyMap<string, number> {
  const depths = new Map([[root, 0]]);
  for (const [node, depth] of depths) {
    for (const next of near.get(node) ?? []) if (!depths.has(next)) depths.set(next, depth + 1);
  }
  return depths;
}

/** What would hang on one side of one node in a long column is shared out to its two sides. */
function balanceSides(depths: Map<string, number>, near: Adjacency, added: ReadonlySet<string>): void {
  const below = (node: string) =>
    [...(near.get(node) ?? [])].filter((next) => (depths.get(next) ?? 0) > (depths.get(node) ?? 0));
  const widest = [...depths.keys()].reduce(
    (best, node) => (below(node).length > below(best).length ? node : best),
    CLOUD_NODE,
  );
  const axis = depths.get(widest) ?? 0;
  const branches = below(widest);
  const kept = branches.filter((branch) => !added.has(branch));
  if (kept.length < MIN_BRANCHES) return;
  const firstLeft = branches.indexOf(kept[Math.ceil(kept.length / 2)] ?? '');
  const right = new Set(branches.slice(0, firstLeft));
  const turned = new Set<string>();
  for (const branch of branches) {
    if (right.has(branch)) continue;
    turned.add(branch);
    for (const node of turned) for (const next of below(node)) if (!right.has(next)) turned.add(next);
  }
  for (const node of turned) depths.set(node, 2 * axis - (depths.get(node) ?? 0));
}

/** From so many branches on. */
const MIN_BRANCHES = 7;

/** The node from which the farthest is nearest; of several the one with most neighbours. */
function centreNode(start: string, near: Adjacency): string {
  const all = [...distancesFrom(start, near).keys()];
  if (all.length > MAX_CENTRE_NODES)
    return all.reduce((best, node) => (degree(node, near) > degree(best, near) ? node : best), start);
  const scored = all.map((node) => ({
    node,
    far: Math.max(...distancesFrom(node, near).values()),
    degree: degree(node, near),
  }));
  return scored.toSorted((a, b) => a.far - b.far || b.degree - a.degree)[0]?.node ?? start;
}

/** Beyond so many nodes the middle is that with most neighbours. */
const MAX_CENTRE_NODES = 400;

const degree = (node: string, near: Adjacency): number => near.get(node)?.size ?? 0;
