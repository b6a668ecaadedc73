import { appendTo, groupBy } from '../../model/values/group-by.ts';
import type { ModelLink, ModelVethPair, ModelWiring } from '../model.ts';
import type { OwnLinks } from './own-links.ts';

/** The MTU of a link; null is the kernel's choice. */
export type MtuLookup = (link: ModelLink) => number | null;

/**
 * Of an end of a wire: written at the interface, else at the interface of the other end, else at the cable, else the
 * bridge's of either end. Of a port of a bond: the bond's, which has the least that is written at its ports. Of a link with a kind of its own: what is left of its lower link's. Of a bridge: the least of its
 * ports', as the kernel does. A wire that says nothing follows its bridge.
 */
export function createMtuLookup(wiring: ModelWiring, own: OwnLinks): MtuLookup {
  const wires = new Map(wiring.vethPairs.flatMap((wire) => wire.ends.map((end) => [end, wire] as const)));
  const ports = new Map<ModelLink, ModelLink[]>();
  for (const link of [...own.keys(), ...wires.keys()]) {
    if (link.master) appendTo(ports, link.master, link);
  }
  const framePorts = groupBy(
    wiring.links.filter(({ master }) => master?.kind === 'own'),
    ({ master }) => master,
  );
  const known = new Map<ModelLink, number | null>();
  const mtuOf = (link: ModelLink): number | null => {
    const before = known.get(link);
    if (before !== undefined) return before;
    // What leads back to where it began has no MTU to give.
    known.set(link, null);
    const mtu = link.master?.kind === 'own' ? mtuOf(link.master) : (link.mtu ?? derived(link));
    known.set(link, mtu);
    return mtu;
  };
  const derived = (link: ModelLink): number | null => {
    const wire = wires.get(link);
    if (wire) return vethMtu(wire, mtuOf);
    const above = own.get(link);
    if (above?.kind.takes === 'frames') return least((framePorts.get(link) ?? []).flatMap((port) => port.mtu ?? []));
    if (above?.kind.isFound) return null;
    if (above) return (above.kind.mtu ?? underlayMtu(above.below, mtuOf)) - above.overhead;
    const all = ports.get(link) ?? [];
    const overlays = all.filter((port) => own.has(port));
    return bridgeMtu((overlays.length > 0 ? overlays : all).map(portMtu));
  };
  const portMtu = (port: ModelLink): number | null => {
    const wire = wires.get(port);
    return wire ? writtenMtu(wire) : mtuOf(port);
  };
  return mtuOf;
}

/** The least; null where no port says anything, or only some of the wires do: the kernel's choice. */
function bridgeMtu(ports: readonly (number | null)[]): number | null {
  const said = ports.filter((mtu) => mtu !== null);
  return said.length === 0 || said.length < ports.length ? null : Math.min(...said);
}

const writtenMtu = ({ ends: [left, right], mtu }: ModelVethPair): number | null => left.mtu ?? right.mtu ?? mtu;

const vethMtu = (wire: ModelVethPair, mtuOf: MtuLookup): number | null => {
  const ofBridge = (bridge: ModelLink | null): number | null => bridge && mtuOf(bridge);
  const [left, right] = wire.ends;
  return writtenMtu(wire) ?? ofBridge(left.master) ?? ofBridge(right.master);
};

const underlayMtu = (dev: ModelLink | null, mtuOf: MtuLookup): number => (dev && mtuOf(dev)) ?? ETHERNET_MTU;

const ETHERNET_MTU = 1500;

const least = (mtus: readonly number[]): number | null => (mtus.length > 0 ? Math.min(...mtus) : null);
