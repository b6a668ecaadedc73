import { CLOUD, type Link } from './links.ts';
import type { Picture } from './picture.ts';

/** How many steps each node is from where the drawing begins: what is outside, or else the middle of what hangs together. */
export function depthsOf(
  picture: Picture,
  links: readonly Link[],
  nodes: readonly string[],
): ReadonlyMap<string, number> {
  const place = new Map(picture.switches.map(({ id, place }) => [id, place === 'host' ? id : place]));
  const unit = (node: string) => place.get(node) ?? node;
  // A forward leads to a host that is also on a LAN: its place is there.
  const leading = links.filter(({ sort, nodes }) => sort !== 'forward' || nodes[0] === CLOUD);
  const near = neighbours(leading.map(({ nodes: [one, other] }) => [unit(one), unit(other)] as const));
  const depths = new Map<string, number>();
  for (const root of [...rootsOf(picture, links), ...nodes.map(unit)]) {
    if (depths.has(root)) continue;
    const middle = root === CLOUD || rootsOf(picture, links).includes(root) ? root : middleOf(root, near);
    for (const [node, depth] of stepsFrom(middle, near)) depths.set(node, depth);
  }
  mirror(depths, near);
  return new Map([...new Set([...nodes, ...depths.keys()])].map((node) => [node, depths.get(unit(node)) ?? 0]));
}

type Near = ReadonlyMap<string, ReadonlySet<string>>;

/** What is outside; and what is at the other end of a cable through which NAT leads. */
function rootsOf({ gates, outside }: Picture, links: readonly Link[]): readonly string[] {
  const outer = new Set(gates.map((gate) => gate.outer));
  const beyond = links
    .filter(({ sort, nodes: [one, other] }) => sort === 'wire' && (outer.has(one) || outer.has(other)))
    .map(({ nodes: [one, other] }) => (outer.has(one) ? other : one));
  return outside ? [CLOUD, ...beyond] : beyond;
}

function neighbours(pairs: readonly (readonly [string, string])[]): Near {
  const near = new Map<string, Set<string>>();
  for (const [one, other] of [...pairs, ...pairs.map(([one, other]) => [other, one] as const)]) {
    const known = near.get(one);
    if (known === undefined) near.set(one, new Set([other]));
    else known.add(other);
  }
  return near;
}

function stepsFrom(root: string, near: Near): ReadonlyMap<string, number> {
  const depths = new Map([[root, 0]]);
  for (const [node, depth] of depths) {
    for (const next of near.get(node) ?? []) if (!depths.has(next)) depths.set(next, depth + 1);
  }
  return depths;
}

/** What would hang on one side of one node in a long column is shared out to its two sides. */
function mirror(depths: Map<string, number>, near: Near): void {
  const below = (node: string) =>
    [...(near.get(node) ?? [])].filter((next) => (depths.get(next) ?? 0) > (depths.get(node) ?? 0));
  const widest = [...depths.keys()].reduce(
    (best, node) => (below(node).length > below(best).length ? node : best),
    CLOUD,
  );
  const axis = depths.get(widest) ?? 0;
  const branches = below(widest);
  if (branches.length < TWO_SIDES) return;
  const right = new Set(branches.slice(0, Math.ceil(branches.length / 2)));
  const turned = new Set<string>();
  for (const branch of branches) {
    if (right.has(branch)) continue;
    turned.add(branch);
    for (const node of turned) for (const next of below(node)) if (!right.has(next)) turned.add(next);
  }
  for (const node of turned) depths.set(node, 2 * axis - (depths.get(node) ?? 0));
}

/** From so many branches on. */
const TWO_SIDES = 7;

/** The node from which the farthest is nearest; of several the one with most neighbours. */
function middleOf(start: string, near: Near): string {
  const all = [...stepsFrom(start, near).keys()];
  if (all.length > MOST)
    return all.reduce((best, node) => (degree(node, near) > degree(best, near) ? node : best), start);
  const scored = all.map((node) => ({
    node,
    far: Math.max(...stepsFrom(node, near).values()),
    degree: degree(node, near),
  }));
  return scored.toSorted((a, b) => a.far - b.far || b.degree - a.degree)[0]?.node ?? start;
}

/** Beyond so many nodes the middle is that with most neighbours. */
const MOST = 400;

const degree = (node: string, near: Near): number => near.get(node)?.size ?? 0;
