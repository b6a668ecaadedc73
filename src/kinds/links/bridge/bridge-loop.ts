import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { appendTo } from '../../../model/values/group-by.ts';
import { type LanEdge, labEdges } from './lan-edges.ts';

/** Bridges that are connected in a circle, in which none runs the spanning tree protocol. */
export const bridgeLoop: LabCheck = {
  name: 'bridge-loop',
  code: 'NF2012',
  title: 'Loop of bridges',
  explain:
    'Bridges, cables and tunnels form a circle, and no bridge in it has `stp: true`. A frame for all goes round for ever, and every round makes more of them: an ARP request is enough to fill the lab. Leave one connection out, or turn the spanning tree protocol on at one bridge of the circle. One vxlan with several remotes makes no loop: it never sends on what came from another of its ends.',
  bad: `
namespaces:
  a: { bridges: { br0: {} }, interfaces: { p1: { bridge: br0 }, p2: { bridge: br0 } } }
  b: { bridges: { br0: {} }, interfaces: { p1: { bridge: br0 }, p2: { bridge: br0 } } }
links: [ "a:p1 -- b:p1", "a:p2 -- b:p2" ]
`,
  good: `
namespaces:
  a: { bridges: { br0: { stp: true } }, interfaces: { p1: { bridge: br0 }, p2: { bridge: br0 } } }
  b: { bridges: { br0: {} }, interfaces: { p1: { bridge: br0 }, p2: { bridge: br0 } } }
links: [ "a:p1 -- b:p1", "a:p2 -- b:p2" ]
`,
  find: (_topology, lab) => {
    const { edges, joins } = labEdges(lab);
    const { rootOf, join } = createUnionFind();
    const tree = new Map<string, LanEdge[]>();
    const closing: LanEdge[] = [];
    for (const edge of [...joins, ...edges]) {
      if (join(edge.from, edge.to)) {
        appendTo(tree, edge.from, edge);
        appendTo(tree, edge.to, reversed(edge));
      } else if (edge.label !== null) closing.push(edge);
    }
    const byLan = new Map<string, LanEdge[]>();
    for (const edge of closing) appendTo(byLan, rootOf(edge.from), edge);
    return [...byLan.values()].flatMap(([first, ...more]) => (first ? [loopDiagnostic(first, more.length, tree)] : []));
  },
};

function loopDiagnostic(closing: LanEdge, more: number, tree: ReadonlyMap<string, readonly LanEdge[]>): Diagnostic {
  const circle = [closing, ...pathBetween(tree, closing.to, closing.from)];
  const drawn = circle.flatMap(({ name, label }) => (name === null || label === null ? [] : [name, label]));
  const others = more === 0 ? '' : `, and ${more} more ${more === 1 ? 'loop' : 'loops'} on this LAN`;
  const message = `a loop without spanning tree: ${[...drawn, drawn[0]].join(' — ')}${others}`;
  return makeDiagnostic('bridge-loop', atKey(closing.at), message, {
    severity: 'warning',
    hint: 'leave one of these connections out, or write stp: true at one of these bridges',
  });
}

/** An edge from its other end: of a cable that is a bridge, too. */
const reversed = ({ from, to, label, back, at }: LanEdge): LanEdge => ({
  from: to,
  to: from,
  name: back === null ? null : to,
  label: back,
  back: label,
  at,
});

/** The edges from one place of a tree to another. */
function pathBetween(tree: ReadonlyMap<string, readonly LanEdge[]>, from: string, to: string): readonly LanEdge[] {
  const cameBy = new Map<string, LanEdge | null>([[from, null]]);
  for (const [place] of cameBy) {
    for (const edge of tree.get(place) ?? []) if (!cameBy.has(edge.to)) cameBy.set(edge.to, edge);
  }
  const path: LanEdge[] = [];
  for (let edge = cameBy.get(to); edge; edge = cameBy.get(edge.from)) path.unshift(edge);
  return path;
}

/** Joins places; `join` is false when the two were connected already. */
function createUnionFind() {
  const parent = new Map<string, string>();
  const rootOf = (place: string): string => {
    let root = place;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    if (root !== place) parent.set(place, root);
    return root;
  };
  const join = (one: string, other: string): boolean => {
    const [a, b] = [rootOf(one), rootOf(other)];
    if (a !== b) parent.set(a, b);
    return a !== b;
  };
  return { rootOf, join };
}
