import { subnetsOfBridge, writtenSubnets } from './subnets.ts';
import { linkWords } from './words.ts';
import type { Link, Segment, Source, Subnet, Wiring } from './world.ts';

/** The broadcast domains: each bridge with what is wired to it (bridges that a cable or an overlay patches are one), each cable between two interfaces, and vxlans that no bridge has. */
export function lansOf(source: Source, wiring: Wiring): readonly Segment[] {
  const root = patched(wiring);
  const links = new Map<Link, Link[]>(wiring.bridges.map((bridge) => [root(bridge), []]));
  const bridgesBy = new Map<Link, Link[]>();
  for (const bridge of wiring.bridges) push(bridgesBy, root(bridge), bridge);
  for (const bridge of wiring.bridges) push(links, root(bridge), bridge);
  const bridgeOf = new Map<Link, Link>();
  const cables: Segment[] = [];
  const tunnels = wiring.links.filter(({ vxlan, master }) => vxlan && !master);
  const overlays = new Map<Link, Link[]>();
  for (const tunnel of tunnels) push(links.has(root(tunnel)) ? links : overlays, root(tunnel), tunnel);
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
  const among = [...overlays.values()].map((links): Segment => {
    const [label, at] = [links.map(linkWords).join(' -- '), links[0]?.at ?? []];
    return { label, bridges: [], links, bridgeOf, subnets: writtenSubnets(links, []), at };
  });
  return [...lans, ...cables, ...among];
}

/** Finds for a bridge, or a vxlan that is no port, the first that cables between ports and overlays join it to; a bridge if there is one. */
function patched({ wires, overlays }: Wiring): (bridge: Link) => Link {
  const parent = new Map<Link, Link>();
  const rootOf = (bridge: Link): Link => {
    let root = bridge;
    for (let up = parent.get(root); up; up = parent.get(root)) root = up;
    if (root !== bridge) parent.set(bridge, root);
    return root;
  };
  for (const { ends } of wires) {
    const [left, right] = ends;
    if (left.master && right.master) join(left.master, right.master, { parent, rootOf });
  }
  for (const [one, other] of overlays) join(one.master ?? one, other.master ?? other, { parent, rootOf });
  return rootOf;
}

type Forest = { readonly parent: Map<Link, Link>; readonly rootOf: (link: Link) => Link };

function join(left: Link, right: Link, { parent, rootOf }: Forest): void {
  const [a, b] = [rootOf(left), rootOf(right)];
  if (a === b) return;
  if (b.kind === 'bridge' && a.kind !== 'bridge') parent.set(a, b);
  else parent.set(b, a);
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
