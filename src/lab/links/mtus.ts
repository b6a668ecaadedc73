import { appendTo } from '../../model/values/group-by.ts';
import type { ModelLink, ModelVethPair, ModelWiring } from '../model.ts';
import type { OwnLinks } from './own-links.ts';

/** The MTU of a link; null is the kernel's choice. */
export type MtuLookup = (link: ModelLink) => number | null;

/**
 * Of an end of a wire: written at the interface, else at the interface of the other end, else at the cable, else the
 * bridge's of either end. Of a link with a kind of its own: what is left of its lower link's. Of a bridge: the least of those that are its ports.
 */
export function createMtuLookup(wiring: ModelWiring, own: OwnLinks): MtuLookup {
  const wires = new Map(wiring.vethPairs.flatMap((wire) => wire.ends.map((end) => [end, wire] as const)));
  const ports = new Map<ModelLink, ModelLink[]>();
  for (const link of own.keys()) {
    if (link.master) appendTo(ports, link.master, link);
  }
  const known = new Map<ModelLink, number | null>();
  const mtuOf = (link: ModelLink): number | null => {
    const before = known.get(link);
    if (before !== undefined) return before;
    // What leads back to where it began has no MTU to give.
    known.set(link, null);
    const mtu = link.mtu ?? derived(link);
    known.set(link, mtu);
    return mtu;
  };
  const derived = (link: ModelLink): number | null => {
    const wire = wires.get(link);
    if (wire) return vethMtu(wire, mtuOf);
    const above = own.get(link);
    if (above) return underlayMtu(above.below, mtuOf) - above.overhead;
    const all = (ports.get(link) ?? []).flatMap((port) => mtuOf(port) ?? []);
    return all.length > 0 ? Math.min(...all) : null;
  };
  return mtuOf;
}

const vethMtu = ({ ends: [left, right], mtu }: ModelVethPair, mtuOf: MtuLookup): number | null => {
  const ofBridge = (bridge: ModelLink | null): number | null => bridge && mtuOf(bridge);
  return left.mtu ?? right.mtu ?? mtu ?? ofBridge(left.master) ?? ofBridge(right.master);
};

const underlayMtu = (dev: ModelLink | null, mtuOf: MtuLookup): number => (dev && mtuOf(dev)) ?? ETHERNET_MTU;

const ETHERNET_MTU = 1500;
