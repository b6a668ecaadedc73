import type { Path } from '../../model/diagnostics/source-location.ts';
import type { TopologyCable, TopologyNetns } from '../../model/topology.ts';
import { bridgePortNames } from '../../net/bridge-port-names.ts';
import type { LabModelInput, ModelLink, ModelVethPair, ModelWiring } from '../model.ts';
import { indexBridges } from './bridges.ts';
import { resolveCables } from './cables.ts';
import { findJoins } from './find-joins.ts';
import { resolveInterface } from './interfaces.ts';
import { bridgePortLink, undeclaredCableEnd } from './unnamed-links.ts';
import { resolveVlans } from './vlans.ts';

/** Every link of the lab and how they are wired: interfaces on bridges and cables become veth pairs. */
export function resolveWiring(source: LabModelInput): ModelWiring {
  const { topology } = source;
  const bridges = indexBridges(topology);
  const { cables, ends } = resolveCables(source, bridges);
  const draft: WiringBuilder = { links: [], onBridges: [], devices: new Map(), broken: new Set() };
  for (const netns of [...topology.namespaces, topology.host]) {
    const own = netns.bridges.flatMap((bridge) => bridges.get(`${netns.name}/${bridge.name}`) ?? []);
    const here = new Map<string, ModelLink>();
    draft.devices.set(netns.name, here);
    for (const bridge of own) registerDevice(here, bridge);
    for (const entry of netns.interfaces)
      addEntry(draft, netns, resolveInterface(netns, entry, { source, bridges, ends }));
    draft.links.push(...new Set(own));
  }
  addUndeclaredEnds(draft, ends);
  const cableWires = pairCableEnds(draft, cables);
  const bridgeWires = pairBridgePorts(draft);
  const wired = new Set([...cableWires, ...bridgeWires].flatMap((wire) => wire.ends));
  for (const link of draft.links) if (link.kind === 'end' && !wired.has(link)) draft.broken.add(link.netns);
  const wiredLinks = draft.links.filter((link) => link.kind !== 'end' || wired.has(link));
  const vethPairs = [...bridgeWires, ...cableWires];
  const { devices, broken } = draft;
  const switches = [...bridges.values()];
  const vlans = resolveVlans(source, { bridges: switches, links: wiredLinks, vethPairs, devices });
  const links = [...wiredLinks, ...addVlanLinks(draft, vlans)];
  const joins = findJoins(source.linkKinds, links, { ...vlans, devices, vethPairs });
  return { links, bridges: switches, vlans, vethPairs, joins, devices, broken };
}

/** The links that have the addresses of bridges in their VLANs. */
function addVlanLinks({ devices }: WiringBuilder, { places }: ModelWiring['vlans']): readonly ModelLink[] {
  const made = places.filter(({ own, staticAddresses }) => own !== null && staticAddresses.length > 0);
  for (const link of made) registerDevice(devices.get(link.netns) ?? new Map(), link);
  return made;
}

type WiringBuilder = {
  readonly links: ModelLink[];
  readonly onBridges: { readonly link: ModelLink; readonly bridge: ModelLink }[];
  readonly devices: Map<string, Map<string, ModelLink>>;
  readonly broken: Set<string>;
};

function addEntry(
  draft: WiringBuilder,
  netns: TopologyNetns,
  { link, port, sound }: ReturnType<typeof resolveInterface>,
): void {
  registerDevice(draft.devices.get(netns.name) ?? new Map(), link);
  if (!sound) draft.broken.add(netns.name);
  if (!sound) return;
  draft.links.push(link);
  if (port) draft.onBridges.push({ link, bridge: port });
}

/** An interface that only a cable names. */
function addUndeclaredEnds(draft: WiringBuilder, ends: ReadonlyMap<string, Path>): void {
  for (const [key, at] of ends) {
    const [netns = '', label = ''] = key.split('/');
    const here = draft.devices.get(netns);
    if (here === undefined || here.has(label)) continue;
    const link = undeclaredCableEnd(netns, label, at);
    registerDevice(here, link);
    draft.links.push(link);
  }
}

function pairCableEnds({ devices }: WiringBuilder, cables: readonly TopologyCable[]): readonly ModelVethPair[] {
  return cables.flatMap((cable): ModelVethPair[] => {
    const [left, right] = cable.ends.map(({ value }) => devices.get(value.name)?.get(value.part ?? ''));
    return left && right ? [{ ends: [left, right], mtu: cable.mtu?.value ?? null, at: cable.at }] : [];
  });
}

function pairBridgePorts({ onBridges, devices }: WiringBuilder): readonly ModelVethPair[] {
  const taken = new Set<string>();
  for (const [netns, here] of devices) for (const link of here.values()) taken.add(`${netns}/${link.name}`);
  const names = bridgePortNames(
    onBridges.map(({ link, bridge }) => ({
      netns: link.netns,
      interface: link.label,
      bridgeNetns: bridge.netns,
    })),
    taken,
  );
  return onBridges.map(({ link, bridge }, index) => {
    const port = bridgePortLink(bridge, names[index] ?? { name: link.name, label: link.label }, link.port);
    registerDevice(devices.get(bridge.netns) ?? new Map(), port);
    return { ends: [link, port], mtu: null, at: link.at };
  });
}

function registerDevice(here: Map<string, ModelLink>, link: ModelLink): void {
  if (!here.has(link.label)) here.set(link.label, link);
  if (!here.has(link.name)) here.set(link.name, link);
}
