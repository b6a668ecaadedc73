import { subnetsOfBridge, writtenSubnets } from './subnets.ts';
import { linkWords } from './words.ts';
import type { Link, Segment, Source, Subnet, Wire, Wiring } from './world.ts';

/** The broadcast domains: each bridge with what is wired to it (bridges that a cable patches are one), and each cable between two interfaces. */
export function lansOf(source: Source, wiring: Wiring): readonly Segment[] {
  const root = patched(wiring);
  const links = new Map<Link, Link[]>(wiring.bridges.map((bridge) => [root(bridge), []]));
  const bridgesBy = new Map<Link, Link[]>();
  for (const bridge of wiring.bridges) push(bridgesBy, root(bridge), bridge);
  for (const bridge of wiring.bridges) push(links, root(bridge), bridge);
  const bridgeOf = new Map<Link, Link>();
  const cables: Segment[] = [];
  for (const { ends, at } of wiring.wires) {
    const [left, right] = ends;
    const master = left.master ?? right.master;
    const free = ends.filter((end) => end.master === null);
    if (master) {
      for (const end of free) {
        push(links, root(master), end);
        bridgeOf.set(end, master);
      }
    } else {
      const subnets = writtenSubnets(free, []);
      cables.push({
        label: `${linkWords(left)} -- ${linkWords(right)}`,
        bridges: [],
        links: ends,
        bridgeOf,
        subnets,
        at,
      });
    }
  }
  const lans = [...bridgesBy].map(([first, bridges]): Segment => {
    const members = links.get(first) ?? [];
    const declared = distinct(bridges.flatMap((bridge) => subnetsOfBridge(bridge, source)));
    const subnets = [...declared, ...writtenSubnets(members, declared)];
    const head = bridges[0] ?? first;
    return { label: linkWords(head), bridges, links: members, bridgeOf, subnets, at: head.at };
  });
  return [...lans, ...cables];
}

/** Finds for a bridge the first of the bridges that cables between ports join it to. */
function patched({ wires }: Wiring): (bridge: Link) => Link {
  const parent = new Map<Link, Link>();
  const rootOf = (bridge: Link): Link => {
    let root = bridge;
    for (let up = parent.get(root); up; up = parent.get(root)) root = up;
    if (root !== bridge) parent.set(bridge, root);
    return root;
  };
  for (const { ends } of wires) join(ends, { parent, rootOf });
  return rootOf;
}

function join(
  [left, right]: Wire['ends'],
  { parent, rootOf }: { readonly parent: Map<Link, Link>; readonly rootOf: (bridge: Link) => Link },
): void {
  if (!left.master || !right.master) return;
  const [a, b] = [rootOf(left.master), rootOf(right.master)];
  if (a !== b) parent.set(b, a);
}

function distinct(subnets: readonly Subnet[]): readonly Subnet[] {
  const seen = new Map<string, Subnet>();
  for (const subnet of subnets) if (!seen.has(subnet.text)) seen.set(subnet.text, subnet);
  return [...seen.values()];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
