import type { Crowd } from './crowd.ts';
import type { Gate, Picture, Wire } from './picture.ts';

/** A line of the drawing. `ends` are nodes or ports of nodes; `part` is the cable or the gate that it belongs to. */
export type Link = {
  readonly id: string;
  readonly sort: 'wire' | 'overlay' | 'nat' | 'forward' | 'uplink' | 'crowd';
  /** The nodes, of ports too. */
  readonly nodes: readonly [string, string];
  readonly ends: readonly [string, string];
  readonly labels: readonly string[];
  /** The end that gets an arrow. */
  readonly arrow: 0 | 1 | null;
  readonly part: string;
};

export const CLOUD = 'outside';

/** The interfaces of those boxes that have several, by box: each is a port of its own. */
export type Ports = ReadonlyMap<string, readonly string[]>;

export const portId = (box: string, name: string): string => `${box}:${name}`;

export function portsOf(wires: readonly Wire[]): Ports {
  const found = new Map<string, string[]>();
  for (const { node, port } of wires.flatMap(({ ends }) => ends)) {
    if (port !== null) found.set(node, [...(found.get(node) ?? []), port]);
  }
  return new Map([...found].filter(([, names]) => names.length > 1));
}

/** All lines, cables that lead into a crowd as one. */
export function linksOf(picture: Picture, crowds: readonly Crowd[], ports: Ports): readonly Link[] {
  const crowded = new Set(crowds.flatMap(({ wires }) => wires));
  return [
    ...picture.gates.flatMap(gateLinks),
    ...picture.nics.filter(({ existing }) => existing).map(({ id }) => link('uplink', [CLOUD, id], { part: id })),
    ...picture.wires.filter((wire) => !crowded.has(wire)).map((wire) => wireLink(wire, ports)),
    ...crowds.map((crowd) => crowdLink(crowd)),
  ];
}

function link(sort: Link['sort'], nodes: Link['nodes'], more: Partial<Link> & { readonly part: string }): Link {
  const id = `${sort} ${nodes[0]} ${nodes[1]} ${more.part}`;
  return { id, sort, nodes, ends: nodes, labels: [], arrow: null, ...more };
}

/** What passes a gate touches what it comes from and leads to at places of its own, not where the cables do. */
function way(sort: Gate['sort'], nodes: Link['nodes'], more: Partial<Link> & { readonly part: string }): Link {
  const [one, other] = nodes.map((node) => (node === more.part ? node : portId(node, more.part)));
  return link(sort, nodes, { ...more, ends: [one ?? nodes[0], other ?? nodes[1]] });
}

/** What is sent out passes NAT from the inner to the outer side; what comes in passes a forward the other way. */
function gateLinks({ id, sort, inner, outer }: Gate): readonly Link[] {
  const isNat = sort === 'nat';
  const out = way(sort, [outer ?? CLOUD, id], { part: id, arrow: isNat ? 0 : null });
  if (inner === null || inner === outer) return [out];
  return [out, way(sort, [id, inner], { part: id, arrow: isNat ? null : 1 })];
}

function wireLink({ id, ends, subnets, towards, overlay }: Wire, ports: Ports): Link {
  const endOf = ({ node, port }: Wire['ends'][0]) => (port !== null && ports.has(node) ? portId(node, port) : node);
  const nodes = [ends[0].node, ends[1].node] as const;
  const labels = overlay === null ? subnets : [[`vxlan ${overlay}`, ...subnets].join(', ')];
  const sort = overlay === null ? 'wire' : 'overlay';
  return link(sort, nodes, { part: id, ends: [endOf(ends[0]), endOf(ends[1])], labels, arrow: towards });
}

function crowdLink({ id, switch: hub, wires }: Crowd): Link {
  const isTowards = wires.every(({ ends, towards }) => towards !== null && ends[towards].node === hub);
  return link('crowd', [hub, id], { part: id, arrow: isTowards ? 0 : null, labels: [`${wires.length} hosts`] });
}
