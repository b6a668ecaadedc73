import { addressId, cableId, linkId, linkIdsOf, netnsId } from '../../model/ids.ts';
import type { Lab, LabEnd, Lan } from '../../model/lab.ts';
import { attachmentRows, networkSwitches, networkWires } from './attached-networks.ts';
import { containerRows, fileRows, interfaceRows, routeRows, ruleRows } from './box-rows.ts';
import type { FeatureDrawing } from './feature-drawing.ts';
import { lowerWires, overlayWires } from './overlays.ts';
import type { Box, BoxRow, ChangeStatus, HostNic, Picture, PictureWire, Switch } from './picture.ts';
import type { PictureLab } from './removed-parts.ts';
import { vlanLines, vlanNotes } from './vlan-texts.ts';

/** What the rest of the program knows of the parts: the resources there are, what becomes of them, how features are drawn. */
export type PictureContext = {
  readonly resources: readonly { readonly id: string; readonly netns: string }[];
  readonly words: ReadonlyMap<string, ChangeStatus>;
  readonly features: readonly FeatureDrawing[];
};

/** The picture of a lab. Pure; every list is in the order of the file. */
export function buildPicture(whole: PictureLab, known: PictureContext): Picture {
  const { lab } = whole;
  const wordOf = (id: string): ChangeStatus | null => known.words.get(id) ?? null;
  const gates = known.features.flatMap((feature) => feature.gates(whole));
  const rowsOf = (netns: string): readonly BoxRow[] => [
    ...containerRows(lab, netns),
    ...(netns === 'host' ? [] : [...interfaceRows(lab, netns, wordOf), ...attachmentRows(lab, netns, wordOf)]),
    ...routeRows(lab, netns, wordOf),
    ...ruleRows(lab, netns, wordOf),
    ...(netns === 'host'
      ? [...fileRows(lab, wordOf), ...known.features.flatMap((feature) => feature.hostRows?.(whole) ?? [])]
      : known.features.flatMap((feature) => feature.rows(whole, netns))),
  ];
  const idsIn = (netns: string) => known.resources.filter((one) => one.netns === netns).map(({ id }) => id);
  const boxes = lab.namespaces.map((namespace): Box => {
    const { name, sysctls } = namespace;
    const forwarding = sysctls['net/ipv4/ip_forward'] === '1' || sysctls['net/ipv6/conf/all/forwarding'] === '1';
    return { id: netnsId(name), name, forwarding, rows: rowsOf(name), ids: idsIn(name), word: wordOf(netnsId(name)) };
  });
  const host = hostOf(lab, rowsOf('host'), idsIn('host'));
  const switches = lab.bridges.map((bridge): Switch => {
    const id = linkId(bridge);
    const own = addressId(bridge.netns, bridge.name);
    const lan = lab.lans.find((one) => one.bridge?.netns === bridge.netns && one.bridge.name === bridge.name);
    return {
      id,
      place: boxId(bridge.netns),
      name: bridge.label,
      subnets: lan?.subnets ?? [],
      vlans: vlanLines(lab, bridge),
      addresses: addressPrefixes(lab, bridge),
      ids: [id, own],
      word: wordOf(id) ?? ownerStatus(wordOf(own)),
    };
  });
  const nics = nicsOf(lab, wordOf);
  const endOf = wireEnds(lab);
  const wires = lab.cables.map((cable): PictureWire => {
    const id = cableId(cable);
    const ends = [endOf(cable.ends[0]), endOf(cable.ends[1])] as const;
    return {
      id,
      ids: [id],
      ends,
      subnets: wireSubnets(lab, cable.ends),
      towards: gatewayEnd(lab, cable.ends),
      word: wordOf(id),
      overlay: null,
    };
  });
  const outside = gates.some(({ outer }) => outer === null) || nics.some(({ existing }) => existing);
  const overlays = [...overlayWires(lab, { wordOf, endOf }), ...lowerWires(lab, { wordOf, endOf })];
  const written = [
    vlanNotes(lab),
    ...known.features.map((feature) => feature.notes?.(whole) ?? new Map<string, string>()),
  ];
  const noted = [...wires, ...overlays].map((wire) => withNotes(wire, written));
  const attached = networkWires(lab, wordOf);
  return {
    ...{ name: lab.name, host, boxes, nics, gates, outside },
    switches: [...switches, ...networkSwitches(lab)],
    wires: [...noted, ...attached],
  };
}

function withNotes(wire: PictureWire, written: readonly ReadonlyMap<string, string>[]): PictureWire {
  const texts = written.flatMap((notes) => wire.ids.flatMap((id) => notes.get(id) ?? []));
  return texts.length === 0 ? wire : { ...wire, note: texts.join('; ') };
}

const boxId = (netns: string): string => (netns === 'host' ? 'host' : netnsId(netns));

/** What happens to a part of a thing changes the thing. */
const ownerStatus = (word: ChangeStatus | null): ChangeStatus | null =>
  word === 'added' || word === 'deleted' || word === 'replaced' ? 'changed' : word === 'missing' ? 'drifted' : word;

function hostOf(lab: Lab, rows: readonly BoxRow[], ids: readonly string[]): Box {
  const isOn = (key: string) => lab.sysctls.some((one) => one.netns === 'host' && one.key === key && one.value === '1');
  const forwarding = isOn('net/ipv4/ip_forward') || isOn('net/ipv6/conf/all/forwarding');
  return { id: 'host', name: 'this machine', forwarding, rows, ids, word: null };
}

const addressPrefixes = (
  lab: Lab,
  { netns, name }: { readonly netns: string; readonly name: string },
): readonly string[] => lab.addresses.find((one) => one.netns === netns && one.dev === name)?.prefixes ?? [];

function nicsOf(lab: Lab, wordOf: (id: string) => ChangeStatus | null): readonly HostNic[] {
  const own = machineNics(lab).map((name): HostNic => {
    const id = addressId('host', name);
    const addresses = addressPrefixes(lab, { netns: 'host', name });
    return { id: `nic:${name}`, ids: [id], name, addresses, existing: true, word: ownerStatus(wordOf(id)) };
  });
  const links = linkIdsOf(lab);
  const made = [...lab.cables.flatMap(({ ends }) => ends), ...lab.links]
    .filter((end) => end.netns === 'host' && end.master === null)
    .map((end): HostNic => {
      const ids = [links.get(`host/${end.name}`) ?? '', addressId('host', end.name)];
      const addresses = addressPrefixes(lab, end);
      const word = wordOf(ids[0] ?? '') ?? ownerStatus(wordOf(ids[1] ?? ''));
      return { id: `nic:${end.name}`, ids, name: end.label, addresses, existing: false, word };
    });
  return [...own, ...made];
}

/** The NICs of the machine that the lab names: those that it adds to, and those below its links. */
function machineNics(lab: Lab): readonly string[] {
  const made = linkIdsOf(lab);
  const below = lab.links.flatMap(({ lower }) => (lower?.netns === 'host' ? lower.name : []));
  const named = [...lab.existing.map(({ name }) => name), ...below];
  return [...new Set(named)].filter((name) => !made.has(`host/${name}`));
}

/** Where the line of a link ends: at the bridge that it is a port of, at a NIC of the host, or in its box. */
function wireEnds(lab: Lab): (end: Pick<LabEnd, 'netns' | 'name' | 'label' | 'master'>) => PictureWire['ends'][0] {
  const links = linkIdsOf(lab);
  const bridges = new Set(lab.bridges.map(({ netns, name }) => `${netns}/${name}`));
  return ({ netns, name, label, master }) => {
    if (master !== null && bridges.has(`${netns}/${master}`))
      return { node: links.get(`${netns}/${master}`) ?? '', port: null };
    return netns === 'host' ? { node: `nic:${name}`, port: null } : { node: netnsId(netns), port: label };
  };
}

const isLanMember = (lan: Lan, end: LabEnd): boolean =>
  lan.members.some(({ netns, dev }) => netns === end.netns && dev === end.name);

function wireSubnets(lab: Lab, [one, other]: readonly [LabEnd, LabEnd]): readonly string[] {
  if (one.master !== null || other.master !== null) return [];
  const lan = lab.lans.find((lan) => lan.bridge === null && (isLanMember(lan, one) || isLanMember(lan, other)));
  // The address of a single host says nothing about the cable.
  return (lan?.subnets ?? []).filter((subnet) => !/(?:\.\d+\/32|\/128)$/.test(subnet));
}

/** A default route through one end leads to the other. */
function gatewayEnd(lab: Lab, [one, other]: readonly [LabEnd, LabEnd]): 0 | 1 | null {
  const leaves = (end: LabEnd) =>
    end.master === null &&
    lab.routes.some(
      ({ netns, to, hops }) =>
        netns === end.netns && /^(?:0\.0\.0\.0|::)\/0$/.test(to) && hops.some(({ dev }) => dev === end.name),
    );
  if (leaves(one) === leaves(other)) return null;
  return leaves(one) ? 1 : 0;
}
