import type { Lab, LabCable, LabEnd } from '../../model/lab.ts';
import type { Topology, TopologyValue } from '../../model/topology.ts';
import { shortLinkName } from '../../net/name.ts';
import { bridgePhrase } from '../phrases.ts';

/** The MTU that Linux gives to a link without a configured one. */
export const KERNEL_DEFAULT_MTU = 1500;

/** The MTUs that the file writes. */
export type WrittenMtus = {
  /** By `red/eth0`: of interfaces and bridges. */
  readonly links: ReadonlyMap<string, TopologyValue<number>>;
  /** By the place of the cable. */
  readonly cables: ReadonlyMap<string, TopologyValue<number>>;
};

export function writtenMtus(topology: Topology): WrittenMtus {
  return {
    links: new Map(
      [topology.host, ...topology.namespaces].flatMap((netns) =>
        [...netns.bridges, ...netns.interfaces].flatMap(({ name, mtu }) =>
          mtu ? [[`${netns.name}/${shortLinkName(name)}`, mtu] as const] : [],
        ),
      ),
    ),
    cables: new Map(topology.cables.flatMap(({ at, mtu }) => (mtu ? [[at.join('/'), mtu] as const] : []))),
  };
}

/** A bridge that an end is a port of; `tunnel`: the kind of a tunnel that is a port of it, too. */
type ParentBridge = { readonly words: string; readonly mtu: number; readonly tunnel: string | null };

/** Returns a lookup of the bridge that an end is a port of, with its MTU; null when it is not a port. */
export function parentBridgeLookup(lab: Lab): (end: Pick<LabEnd, 'netns' | 'master'>) => ParentBridge | null {
  const tunnels = new Map(lab.links.map(({ kind, netns, master }) => [`${netns}/${master}`, kind]));
  const bridges = new Map(lab.bridges.map((bridge) => [`${bridge.netns}/${bridge.name}`, bridge]));
  return (end) => {
    const bridge = end.master === null ? undefined : bridges.get(`${end.netns}/${end.master}`);
    return bridge
      ? {
          words: bridgePhrase(bridge.netns, bridge.label),
          mtu: bridge.mtu ?? KERNEL_DEFAULT_MTU,
          tunnel: tunnels.get(`${end.netns}/${end.master}`) ?? null,
        }
      : null;
  };
}

/** Both ends of a cable, each with its peer. */
export const facingCableEnds = ({ ends: [left, right] }: LabCable): readonly (readonly [LabEnd, LabEnd])[] => [
  [left, right],
  [right, left],
];
