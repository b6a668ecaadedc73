import type { DeviceRef } from '../../model/lab-parts/device-ref.ts';
import type { LabPortVlans } from '../../model/lab-parts/lab-port.ts';
import type { VlanRange } from '../../model/lab-parts/vlan-range.ts';
import { linkKindOf } from '../../model/link-kind.ts';
import type { TopologyBridge, TopologyVlan } from '../../model/topology.ts';
import { shortLinkName } from '../../net/name.ts';
import { DEFAULT_VLAN, hasVlan } from '../../net/vlan.ts';
import type { LabModelInput, ModelLink, ModelVethPair, ModelVlans, ModelWiring } from '../model.ts';
import { isVlanAware, portMembership, reportBridgeVlans, reportUnawareBridge } from './vlan-members.ts';

/** What a lab has of links before VLANs are known. */
export type VlanContext = Pick<ModelWiring, 'devices'> & {
  readonly bridges: readonly ModelLink[];
  readonly links: readonly ModelLink[];
  readonly vethPairs: readonly ModelVethPair[];
};

/** The VLANs of all bridges, and what is in which. */
export function resolveVlans(source: LabModelInput, context: VlanContext): ModelVlans {
  const { bridges, links, vethPairs } = context;
  for (const { bridge } of bridges) if (bridge) reportBridgeVlans(bridge, source.report);
  const ports = new Set([...links, ...vethPairs.flatMap(({ ends }) => ends)].filter(({ master }) => master !== null));
  const members = memberships(source, bridges, ports);
  const places = createVlanPlaces(source, bridges);
  const untagged = (port: ModelLink): ModelLink | null => {
    const vlans = members.get(port);
    if (!port.master || !vlans) return port.master;
    return vlans.untagged === null ? null : places.of(port.master, vlans.untagged);
  };
  if (members.size === 0) return { places: [], untagged, members, joins: [] };
  for (const port of ports) untagged(port);
  const tagged = taggedLinks(source, context);
  const wires = new Map(vethPairs.flatMap((wire) => wire.ends.map((end) => [end, wire] as const)));
  const joins = [
    ...tagged.flatMap((one) => tagJoin(one, { wires, members, places })),
    ...trunkJoins(vethPairs, { members, places, ids: usedIds(tagged, members, places) }),
  ];
  return { places: places.all(), untagged, members, joins };
}

function memberships(
  { report }: LabModelInput,
  bridges: readonly ModelLink[],
  ports: ReadonlySet<ModelLink>,
): ReadonlyMap<ModelLink, LabPortVlans> {
  const members = new Map<ModelLink, LabPortVlans>();
  for (const port of ports) {
    const { master } = port;
    if (master && isVlanAware(master)) members.set(port, portMembership(master, port.port, report));
    else if (master) reportUnawareBridge(master, port.port, report);
  }
  for (const bridge of bridges) {
    if (!isVlanAware(bridge)) continue;
    const own = (bridge.bridge?.vlans.vlans ?? []).flatMap(({ id, addresses }): VlanRange[] =>
      id && id.value !== DEFAULT_VLAN && addresses.length > 0 ? [[id.value, id.value]] : [],
    );
    members.set(bridge, { untagged: DEFAULT_VLAN, tagged: own });
  }
  return members;
}

/** Places of VLANs: of a bridge that keeps them apart, or of the frames with a tag that another link lets pass. */
type VlanPlaces = {
  readonly of: (link: ModelLink, id: number) => ModelLink;
  readonly all: () => readonly ModelLink[];
};

function createVlanPlaces(source: LabModelInput, bridges: readonly ModelLink[]): VlanPlaces {
  const places = new Map<ModelLink, Map<number, ModelLink>>();
  const of = (link: ModelLink, id: number): ModelLink => {
    if (id === DEFAULT_VLAN && isVlanAware(link)) return link;
    const here = places.get(link) ?? new Map<number, ModelLink>();
    places.set(link, here);
    const known = here.get(id) ?? vlanPlace(source, link, id);
    here.set(id, known);
    return known;
  };
  for (const bridge of bridges) for (const { id } of bridge.bridge?.vlans.vlans ?? []) if (id) of(bridge, id.value);
  return {
    of,
    all: () => [...places].flatMap(([link, here]) => (isVlanAware(link) ? [...here.values()] : [])),
  };
}

/** A VLAN of a bridge as a switch of its own, named like the link that has the bridge's address there: `lan.10`. */
function vlanPlace({ linkKinds }: LabModelInput, of: ModelLink, id: number): ModelLink {
  const label = `${of.label}.${id}`;
  const vlan = of.bridge?.vlans.vlans.find((one) => one.id?.value === id) ?? null;
  const kind = of.own ? linkKinds.get(linkKindOf(linkKinds, of.own.kind).ports?.vlanLink ?? '') : undefined;
  const at = vlan?.at ?? of.at;
  const parent: DeviceRef = { netns: null, name: of.label };
  return {
    ...{ netns: of.netns, name: shortLinkName(label), label, at },
    kind: of.kind === 'switch' ? 'switch' : 'port',
    staticAddresses: vlan?.addresses ?? [],
    automatic: false,
    up: of.up,
    mac: null,
    mtu: null,
    master: null,
    gateway: null,
    bridge: of.bridge && vlanLan(of.bridge, vlan, label),
    own:
      vlan && kind ? { kind: kind.name, at, values: { id: { value: id, at }, parent: { value: parent, at } } } : null,
    port: null,
    vlan: { of, id },
  };
}

const vlanLan = (bridge: TopologyBridge, vlan: TopologyVlan | null, name: string): TopologyBridge => ({
  ...bridge,
  name,
  subnets: vlan?.subnets ?? [],
  addresses: vlan?.addresses ?? [],
  gateway: vlan?.gateway ?? [],
  vlans: { filtering: null, vlans: [] },
});

type TaggedLink = { readonly link: ModelLink; readonly device: ModelLink; readonly id: number };

/** The links that give frames a tag, each with the device that they send by. */
function taggedLinks({ linkKinds }: LabModelInput, { links, devices }: VlanContext): readonly TaggedLink[] {
  return links.flatMap((link): TaggedLink[] => {
    const rule = link.kind === 'own' && link.own ? linkKindOf(linkKinds, link.own.kind).segment : null;
    if (rule?.by !== 'tag') return [];
    const ref = link.own?.values[rule.field]?.value as DeviceRef | undefined;
    const id = link.own?.values[rule.same[0] ?? '']?.value;
    const device = ref && devices.get(ref.netns ?? link.netns)?.get(ref.name);
    return device && typeof id === 'number' ? [{ link, device, id }] : [];
  });
}

type TagContext = {
  /** The pair that an end is of. */
  readonly wires: ReadonlyMap<ModelLink, ModelVethPair>;
  readonly members: ModelVlans['members'];
  readonly places: VlanPlaces;
};

/** The place of a link's frames: a VLAN of the bridge that its device is, or that it has a port on; a port lets pass what its trunk has. */
function tagJoin({ link, device, id }: TaggedLink, { wires, members, places }: TagContext): ModelVlans['joins'] {
  if (device.kind === 'switch') return [[link, places.of(device, id)]];
  const wire = wires.get(device);
  if (!wire) return [[link, places.of(device, id)]];
  const [left, right] = wire.ends;
  const other = left === device ? right : left;
  if (!other.master) return [[link, places.of(left, id)]];
  const vlans = members.get(other);
  return !vlans || hasVlan(vlans.tagged, id) ? [[link, places.of(other.master, id)]] : [];
}

function usedIds(tagged: readonly TaggedLink[], members: ModelVlans['members'], places: VlanPlaces): readonly number[] {
  const untagged = [...members.values()].flatMap((one) => one.untagged ?? []);
  const declared = places.all().flatMap(({ vlan }) => vlan?.id ?? []);
  return [...new Set([...declared, ...untagged, ...tagged.map(({ id }) => id)])];
}

/** What cables between bridges connect by frames with a tag: the VLANs that are used, as far as both ports have them. */
function trunkJoins(
  vethPairs: readonly ModelVethPair[],
  { members, places, ids }: Omit<TagContext, 'wires'> & { readonly ids: readonly number[] },
): ModelVlans['joins'] {
  const passes = (port: ModelLink, id: number): boolean => {
    const vlans = members.get(port);
    return !vlans || hasVlan(vlans.tagged, id);
  };
  return vethPairs.flatMap(({ ends: [left, right] }) => {
    const [one, other] = [left.master, right.master];
    if (!one || !other) return [];
    return ids
      .filter((id) => passes(left, id) && passes(right, id))
      .map((id) => [places.of(one, id), places.of(other, id)] as const);
  });
}
