import { appendTo } from '../../model/values/group-by.ts';
import { gateInners, type NatGate, type Picture, type PictureWire } from '../model/picture.ts';
import type { HostGrid } from './host-grid.ts';

/** A line of the drawing. `ends` are nodes or ports of nodes; `part` is the cable or the gate that it belongs to. */
export type PictureLink = {
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

/** The id of the cloud, which stands for everything outside of the machine. */
export const CLOUD_NODE = 'outside';

/** The interfaces of those boxes that have several, by box: each is a port of its own. */
export type BoxPorts = ReadonlyMap<string, readonly string[]>;

/** The id of an interface that is a port of a box. */
export const portId = (box: string, name: string): string => `${box}:${name}`;

/** The ports of the boxes that the ends of these cables are at. */
export function boxPorts(wires: readonly PictureWire[]): BoxPorts {
  const found = new Map<string, string[]>();
  for (const { node, port } of wires.flatMap(({ ends }) => ends)) {
    if (port !== null) appendTo(found, node, port);
  }
  return new Map([...found].filter(([, names]) => names.length > 1));
}

/** All lines, cables that lead into a crowd as one. */
export function pictureLinks(picture: Picture, crowds: readonly HostGrid[], ports: BoxPorts): readonly PictureLink[] {
  const crowded = new Set(crowds.flatMap(({ wires }) => wires));
  return [
    ...picture.gates.flatMap(gateLinks),
    ...picture.nics
      .filter(({ existing }) => existing)
      .map(({ id }) => pictureLink('uplink', [CLOUD_NODE, id], { part: id })),
    ...picture.wires.filter((wire) => !crowded.has(wire)).map((wire) => wireLink(wire, ports)),
    ...crowds.map((crowd) => hostGridLink(crowd)),
  ];
}

function pictureLink(
  sort: PictureLink['sort'],
  nodes: PictureLink['nodes'],
  more: Partial<PictureLink> & { readonly part: string },
): PictureLink {
  const id = `${sort} ${nodes[0]} ${nodes[1]} ${more.part}`;
  return { id, sort, nodes, ends: nodes, labels: [], arrow: null, ...more };
}

/** What passes a gate touches what it comes from and leads to at places of its own, not where the cables do; the cloud, at one for all NAT and one for all forwards. */
function gateLink(
  sort: NatGate['sort'],
  nodes: PictureLink['nodes'],
  more: Partial<PictureLink> & { readonly part: string },
): PictureLink {
  const [one, other] = nodes.map((node) =>
    node === more.part ? node : portId(node, node === CLOUD_NODE ? sort : more.part),
  );
  return pictureLink(sort, nodes, { ...more, ends: [one ?? nodes[0], other ?? nodes[1]] });
}

/** What is sent out passes NAT from the inner to the outer side; what comes in passes a forward the other way. */
function gateLinks(gate: NatGate): readonly PictureLink[] {
  const { id, sort, outer } = gate;
  const isNat = sort === 'nat';
  const out = gateLink(sort, [outer ?? CLOUD_NODE, id], { part: id, arrow: isNat ? 0 : null });
  const inner = gateInners(gate).map((inner) => gateLink(sort, [id, inner], { part: id, arrow: isNat ? null : 1 }));
  return [out, ...inner];
}

function wireLink({ id, ends, subnets, towards, overlay, note }: PictureWire, ports: BoxPorts): PictureLink {
  const endOf = ({ node, port }: PictureWire['ends'][0]) =>
    port !== null && ports.has(node) ? portId(node, port) : node;
  const nodes = [ends[0].node, ends[1].node] as const;
  const lans = subnets.filter((subnet) => !isHostPrefix(subnet));
  const named = overlay === null ? lans : [[overlay, ...lans].join(', ')];
  const labels = note === undefined ? named : [...named, note];
  const sort = overlay === null ? 'wire' : 'overlay';
  return pictureLink(sort, nodes, { part: id, ends: [endOf(ends[0]), endOf(ends[1])], labels, arrow: towards });
}

/** Of one address: the box has it already. */
const isHostPrefix = (prefix: string): boolean => prefix.endsWith(prefix.includes(':') ? '/128' : '/32');

function hostGridLink({ id, switch: hub, wires }: HostGrid): PictureLink {
  const isTowards = wires.every(({ ends, towards }) => towards !== null && ends[towards].node === hub);
  return pictureLink('crowd', [hub, id], { part: id, arrow: isTowards ? 0 : null, labels: [`${wires.length} hosts`] });
}
