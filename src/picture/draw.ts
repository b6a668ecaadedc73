import { addressId, bridgeId, linkIdsOf, netnsId, vethId } from '../model/ids.ts';
import type { Lab, LabEnd, Lan } from '../model/lab.ts';
import type { Whole } from './former.ts';
import { gatesOf } from './gates.ts';
import { overlaysOf } from './overlays.ts';
import type { Box, Nic, Picture, Row, Switch, Wire, Word } from './picture.ts';
import { conflistRows, interfaceRows, routeRows, ruleRows, serviceRows } from './rows.ts';

/** What the rest of the program knows of the parts: the resources there are, and what becomes of them. */
export type Known = {
  readonly resources: readonly { readonly id: string; readonly netns: string }[];
  readonly words: ReadonlyMap<string, Word>;
};

/** The picture of a lab. Pure; every list is in the order of the file. */
export function pictureOf(whole: Whole, known: Known): Picture {
  const { lab } = whole;
  const wordOf = (id: string): Word | null => known.words.get(id) ?? null;
  const gates = gatesOf(whole);
  const rowsOf = (netns: string): readonly Row[] => [
    ...(netns === 'host' ? [] : interfaceRows(lab, netns, wordOf)),
    ...routeRows(lab, netns, wordOf),
    ...ruleRows(lab, netns, wordOf),
    ...(netns === 'host' ? conflistRows(lab, wordOf) : serviceRows(whole, netns)),
  ];
  const idsIn = (netns: string) => known.resources.filter((one) => one.netns === netns).map(({ id }) => id);
  const boxes = lab.namespaces.map((namespace): Box => {
    const { name, sysctls } = namespace;
    const forwarding = sysctls['net/ipv4/ip_forward'] === '1' || sysctls['net/ipv6/conf/all/forwarding'] === '1';
    return { id: netnsId(name), name, forwarding, rows: rowsOf(name), ids: idsIn(name), word: wordOf(netnsId(name)) };
  });
  const host = hostOf(lab, rowsOf('host'), idsIn('host'));
  const switches = lab.bridges.map((bridge): Switch => {
    const id = bridgeId(bridge.netns, bridge.name);
    const own = addressId(bridge.netns, bridge.name);
    const lan = lab.lans.find((one) => one.bridge?.netns === bridge.netns && one.bridge.name === bridge.name);
    return {
      ...{ id, place: placeOf(bridge.netns), name: bridge.label, subnets: lan?.subnets ?? [] },
      ...{ addresses: prefixesOf(lab, bridge), ids: [id, own], word: wordOf(id) ?? touched(wordOf(own)) },
    };
  });
  const nics = nicsOf(lab, wordOf);
  const wires = lab.cables.map((cable): Wire => {
    const id = vethId(cable.ends[0]);
    const ends = [endOf(cable.ends[0]), endOf(cable.ends[1])] as const;
    return {
      id,
      ids: [id],
      ends,
      subnets: subnetsOf(lab, cable.ends),
      towards: towardsOf(lab, cable.ends),
      word: wordOf(id),
      overlay: null,
    };
  });
  const outside = gates.some(({ outer }) => outer === null) || nics.some(({ existing }) => existing);
  const overlays = overlaysOf(lab, { wordOf, endOf });
  return { name: lab.name, host, boxes, switches, nics, wires: [...wires, ...overlays], gates, outside };
}

const placeOf = (netns: string): string => (netns === 'host' ? 'host' : netnsId(netns));

/** What happens to a part of a thing changes the thing. */
const touched = (word: Word | null): Word | null =>
  word === 'added' || word === 'deleted' || word === 'replaced' ? 'changed' : word === 'missing' ? 'drifted' : word;

function hostOf(lab: Lab, rows: readonly Row[], ids: readonly string[]): Box {
  const isOn = (key: string) => lab.sysctls.some((one) => one.netns === 'host' && one.key === key && one.value === '1');
  const forwarding = isOn('net/ipv4/ip_forward') || isOn('net/ipv6/conf/all/forwarding');
  return { id: 'host', name: 'this machine', forwarding, rows, ids, word: null };
}

const prefixesOf = (lab: Lab, { netns, name }: { readonly netns: string; readonly name: string }): readonly string[] =>
  lab.addresses.find((one) => one.netns === netns && one.dev === name)?.prefixes ?? [];

function nicsOf(lab: Lab, wordOf: (id: string) => Word | null): readonly Nic[] {
  const own = lab.existing.map(({ name }): Nic => {
    const id = addressId('host', name);
    const addresses = prefixesOf(lab, { netns: 'host', name });
    return { id: `nic:${name}`, ids: [id], name, addresses, existing: true, word: touched(wordOf(id)) };
  });
  const links = linkIdsOf(lab);
  const made = [...lab.cables.flatMap(({ ends }) => ends), ...lab.vxlans]
    .filter((end) => end.netns === 'host' && end.master === null)
    .map((end): Nic => {
      const ids = [links.get(`host/${end.name}`) ?? '', addressId('host', end.name)];
      const addresses = prefixesOf(lab, end);
      const word = wordOf(ids[0] ?? '') ?? touched(wordOf(ids[1] ?? ''));
      return { id: `nic:${end.name}`, ids, name: end.label, addresses, existing: false, word };
    });
  return [...own, ...made];
}

function endOf({ netns, name, label, master }: Omit<LabEnd, 'mtu' | 'hairpin'>): Wire['ends'][0] {
  if (master !== null) return { node: bridgeId(netns, master), port: null };
  return netns === 'host' ? { node: `nic:${name}`, port: null } : { node: netnsId(netns), port: label };
}

const isOn = (lan: Lan, end: LabEnd): boolean =>
  lan.members.some(({ netns, dev }) => netns === end.netns && dev === end.name);

function subnetsOf(lab: Lab, [one, other]: readonly [LabEnd, LabEnd]): readonly string[] {
  if (one.master !== null || other.master !== null) return [];
  return lab.lans.find((lan) => lan.bridge === null && (isOn(lan, one) || isOn(lan, other)))?.subnets ?? [];
}

/** A default route through one end leads to the other. */
function towardsOf(lab: Lab, [one, other]: readonly [LabEnd, LabEnd]): 0 | 1 | null {
  const leaves = (end: LabEnd) =>
    end.master === null &&
    lab.routes.some(
      ({ netns, to, hops }) =>
        netns === end.netns && /^(?:0\.0\.0\.0|::)\/0$/.test(to) && hops.some(({ dev }) => dev === end.name),
    );
  if (leaves(one) === leaves(other)) return null;
  return leaves(one) ? 1 : 0;
}
