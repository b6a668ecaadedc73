import type { Path } from '../../model/diagnostics/source-location.ts';
import type { TopologyCable, TopologyInterface, TopologyNetns } from '../../model/topology.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { bridgePortNames } from '../../net/bridge-port-names.ts';
import type { LabModelInput, ModelLink, ModelVethPair, ModelWiring } from '../model.ts';
import { indexBridges } from './bridges.ts';
import { resolveCables } from './cables.ts';
import { findJoins } from './find-joins.ts';
import { type InterfaceResolution, resolveInterface } from './interfaces.ts';
import { pluginBridges } from './plugin-links.ts';
import { asPort, type PortOwner, resolvePorts } from './ports.ts';
import { bridgePortLink, undeclaredCableEnd } from './unnamed-links.ts';
import { resolveVlans } from './vlans.ts';

/** Every link of the lab and how they are wired: interfaces on bridges and cables become veth pairs. */
export function resolveWiring(source: LabModelInput): ModelWiring {
  const { topology } = source;
  const bridges = indexBridges(topology);
  const { cables, ends } = resolveCables(source, bridges);
  const cabled = groupBy(
    [...ends.keys()].map((key) => ({ netns: key.slice(0, key.indexOf('/')), label: key.slice(key.indexOf('/') + 1) })),
    ({ netns }) => netns,
  );
  const asPorts = new Map<string, PortMaker>();
  const draft: WiringBuilder = { links: [], onBridges: [], devices: new Map(), broken: new Set() };
  const places = [...topology.namespaces, topology.host].map((netns) => {
    const ports = resolvePorts(source, netns, new Set(cabled.get(netns.name)?.map(({ label }) => label)));
    const resolve = portResolver(ports, (entry) => resolveInterface(netns, entry, { source, bridges, ends }));
    return { netns, ports, resolve };
  });
  for (const place of places) placeBridges(bridges, place);
  for (const { netns, ports, resolve } of places) {
    const own = netns.bridges.flatMap((bridge) => bridges.get(`${netns.name}/${bridge.name}`) ?? []);
    const here = new Map<string, ModelLink>();
    draft.devices.set(netns.name, here);
    for (const bridge of own) registerDevice(here, bridge);
    for (const entry of netns.interfaces) addEntry(draft, netns, resolve(entry));
    draft.links.push(...new Set(own));
    asPorts.set(netns.name, (link) => {
      const port = ports.get(link.label);
      const above = port && resolve(port.owner);
      return port && above?.sound ? asPort(link, above.link, port) : link;
    });
  }
  addUndeclaredEnds(draft, ends, asPorts);
  const cableWires = pairCableEnds(draft, cables);
  const bridgeWires = pairBridgePorts(draft);
  const wired = new Set([...cableWires, ...bridgeWires].flatMap((wire) => wire.ends));
  for (const link of draft.links) if (link.kind === 'end' && !wired.has(link)) draft.broken.add(link.netns);
  const wiredLinks = draft.links.filter((link) => link.kind !== 'end' || wired.has(link));
  const vethPairs = [...bridgeWires, ...cableWires];
  const { devices, broken } = draft;
  const switches = [...bridges.values()];
  const vlans = resolveVlans(source, { bridges: switches, links: wiredLinks, vethPairs, devices });
  const plugins = pluginBridges(wiredLinks, devices);
  for (const link of plugins) registerDevice(devices.get('host') ?? new Map(), link);
  const links = [...wiredLinks, ...addVlanLinks(draft, vlans), ...plugins];
  const joins = findJoins(source.linkKinds, links, { ...vlans, devices, vethPairs });
  return { links, bridges: switches, vlans, vethPairs, joins, devices, broken };
}

/** Gives the bridges that are ports of a VRF to it. A VRF is on no bridge, so that it is known before them. */
function placeBridges(bridges: Map<string, ModelLink>, { netns, ports, resolve }: PortPlace): void {
  for (const [name, port] of ports) {
    const bridge = bridges.get(`${netns.name}/${name}`);
    if (!bridge || netns.interfaces.some((entry) => entry.name === name)) continue;
    const above = resolve(port.owner);
    if (above.sound) bridges.set(`${netns.name}/${name}`, asPort(bridge, above.link, port));
  }
}

type PortPlace = {
  readonly netns: TopologyNetns;
  readonly ports: ReadonlyMap<string, PortOwner>;
  readonly resolve: (entry: TopologyInterface) => InterfaceResolution;
};

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

/** Resolves each entry once, after the one that it is a port of. */
function portResolver(
  ports: ReadonlyMap<string, PortOwner>,
  resolve: (entry: TopologyInterface) => InterfaceResolution,
): (entry: TopologyInterface) => InterfaceResolution {
  const known = new Map<TopologyInterface, InterfaceResolution>();
  const resolved = (entry: TopologyInterface): InterfaceResolution => {
    const before = known.get(entry);
    if (before) return before;
    const plain = resolve(entry);
    const port = ports.get(entry.name);
    const above = port && resolved(port.owner);
    const result = port && above?.sound ? { ...plain, link: asPort(plain.link, above.link, port) } : plain;
    known.set(entry, result);
    return result;
  };
  return resolved;
}

/** Gives a link that is named as a port to its owner. */
type PortMaker = (link: ModelLink) => ModelLink;

/** An interface that only a cable names. */
function addUndeclaredEnds(
  draft: WiringBuilder,
  ends: ReadonlyMap<string, Path>,
  asPorts: ReadonlyMap<string, PortMaker>,
): void {
  for (const [key, at] of ends) {
    const [netns = '', label = ''] = key.split('/');
    const here = draft.devices.get(netns);
    if (here === undefined || here.has(label)) continue;
    const plain = undeclaredCableEnd(netns, label, at);
    const link = asPorts.get(netns)?.(plain) ?? plain;
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
