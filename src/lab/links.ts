import type { Path } from '../model/place.ts';
import type { Cable, Netns } from '../model/topology.ts';
import { portNames } from '../net/port-names.ts';
import { bridgesOf } from './bridges.ts';
import { cablesOf } from './cables.ts';
import { bareEnd, entryOf, portLink } from './interfaces.ts';
import { overlayPairs } from './overlays.ts';
import type { Link, Source, Wire, Wiring } from './world.ts';

/** Every link of the lab and how they are wired: interfaces on bridges and cables become veth pairs. */
export function linksOf(source: Source): Wiring {
  const { topology } = source;
  const bridges = bridgesOf(topology);
  const { cables, ends } = cablesOf(source, bridges);
  const draft: Draft = { links: [], onBridges: [], devices: new Map(), broken: new Set() };
  for (const netns of [...topology.namespaces, topology.host]) {
    const own = netns.bridges.flatMap((bridge) => bridges.get(`${netns.name}/${bridge.name}`) ?? []);
    const here = new Map<string, Link>();
    draft.devices.set(netns.name, here);
    for (const bridge of own) know(here, bridge);
    for (const entry of netns.interfaces) addEntry(draft, netns, entryOf(netns, entry, { source, bridges, ends }));
    draft.links.push(...new Set(own));
  }
  addBareEnds(draft, ends);
  const cableWires = wiresOfCables(draft, cables);
  const bridgeWires = wiresToBridges(draft);
  const wired = new Set([...cableWires, ...bridgeWires].flatMap((wire) => wire.ends));
  for (const link of draft.links) if (link.kind === 'end' && !wired.has(link)) draft.broken.add(link.netns);
  const links = draft.links.filter((link) => link.kind !== 'end' || wired.has(link));
  return {
    links,
    bridges: [...bridges.values()],
    wires: [...bridgeWires, ...cableWires],
    overlays: overlayPairs(links),
    devices: draft.devices,
    broken: draft.broken,
  };
}

type Draft = {
  readonly links: Link[];
  readonly onBridges: { readonly link: Link; readonly bridge: Link }[];
  readonly devices: Map<string, Map<string, Link>>;
  readonly broken: Set<string>;
};

function addEntry(draft: Draft, netns: Netns, { link, port, sound }: ReturnType<typeof entryOf>): void {
  know(draft.devices.get(netns.name) ?? new Map(), link);
  if (!sound) draft.broken.add(netns.name);
  if (!sound) return;
  draft.links.push(link);
  if (port) draft.onBridges.push({ link, bridge: port });
}

/** An interface that only a cable names. */
function addBareEnds(draft: Draft, ends: ReadonlyMap<string, Path>): void {
  for (const [key, at] of ends) {
    const [netns = '', label = ''] = key.split('/');
    const here = draft.devices.get(netns);
    if (here === undefined || here.has(label)) continue;
    const link = bareEnd(netns, label, at);
    know(here, link);
    draft.links.push(link);
  }
}

function wiresOfCables({ devices }: Draft, cables: readonly Cable[]): readonly Wire[] {
  return cables.flatMap((cable): Wire[] => {
    const [left, right] = cable.ends.map(({ value }) => devices.get(value.name)?.get(value.part ?? ''));
    return left && right ? [{ ends: [left, right], mtu: cable.mtu?.value ?? null, at: cable.at }] : [];
  });
}

function wiresToBridges({ onBridges, devices }: Draft): readonly Wire[] {
  const taken = new Set<string>();
  for (const [netns, here] of devices) for (const link of here.values()) taken.add(`${netns}/${link.name}`);
  const names = portNames(
    onBridges.map(({ link, bridge }) => ({
      netns: link.netns,
      interface: link.label,
      bridgeNetns: bridge.netns,
    })),
    taken,
  );
  return onBridges.map(({ link, bridge }, index) => {
    const port = portLink(bridge, names[index] ?? { name: link.name, label: link.label });
    know(devices.get(bridge.netns) ?? new Map(), port);
    return { ends: [link, port], mtu: null, at: link.at };
  });
}

function know(here: Map<string, Link>, link: Link): void {
  if (!here.has(link.label)) here.set(link.label, link);
  if (!here.has(link.name)) here.set(link.name, link);
}
