import { addressId, fileId, linkIdsOf, neighbourId, nftId, routeId, routeName, ruleId } from '../../model/ids.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { Lab, LabForward, LabNat, LabRoute } from '../../model/lab.ts';
import type { PortRange } from '../../model/topology.ts';
import type { BoxRow, ChangeStatus } from './picture.ts';
import type { PictureLab } from './removed-parts.ts';

type StatusLookup = (id: string) => ChangeStatus | null;

/** The interfaces of a namespace, except ports of bridges, with their addresses; `lo` when it has some. */
export function interfaceRows(lab: Lab, netns: string, wordOf: StatusLookup): readonly BoxRow[] {
  const links = linkIdsOf(lab);
  const wired = [...lab.cables.flatMap(({ ends }) => ends), ...lab.links]
    .filter((end) => end.netns === netns && end.master === null)
    .map(({ name, label }) => ({ name, label, cable: links.get(`${netns}/${name}`) ?? null }));
  const known = new Set([...wired.map(({ name }) => name), ...bridgesIn(lab, netns)]);
  const others = lab.addresses
    .filter((one) => one.netns === netns && !known.has(one.dev))
    .map(({ dev }) => ({ name: dev, label: dev, cable: null }));
  return [...wired, ...others].map(({ name, label, cable }): BoxRow => {
    const id = addressId(netns, name);
    const neighbours = lab.neighbours.filter((one) => one.netns === netns && one.dev === name);
    const ids = [...(cable === null ? [] : [cable]), id, ...neighbours.map(({ to }) => neighbourId(netns, name, to))];
    const word = (cable === null ? null : wordOf(cable)) ?? wordOf(id);
    const texts = lab.addresses.find((one) => one.netns === netns && one.dev === name)?.prefixes ?? [];
    return { id, ids, sort: 'interface', name: label, texts, word };
  });
}

const bridgesIn = (lab: Lab, netns: string): readonly string[] =>
  lab.bridges.filter((bridge) => bridge.netns === netns).map(({ name }) => name);

/** The routes of a namespace, one row each. */
export const routeRows = (lab: Lab, netns: string, wordOf: StatusLookup): readonly BoxRow[] =>
  lab.routes
    .filter((route) => route.netns === netns)
    .map((route): BoxRow => {
      const id = routeId(netns, route);
      return { id, ids: [id], sort: 'route', name: routeName(route), texts: [routeText(route)], word: wordOf(id) };
    });

function routeText({ type, hops, table }: LabRoute): string {
  const way = hops.map(({ via, dev }) => via ?? dev).join(' and ');
  return `${type === 'unicast' ? way : type}${table === RT_TABLE_MAIN ? '' : `, table ${table}`}`;
}

/** The policy routing rules of a namespace, one row each; equal priorities are numbered. */
export function ruleRows(lab: Lab, netns: string, wordOf: StatusLookup): readonly BoxRow[] {
  const counts = new Map<number, number>();
  return lab.rules
    .filter((rule) => rule.netns === netns)
    .map((rule): BoxRow => {
      const nth = (counts.get(rule.priority) ?? 0) + 1;
      counts.set(rule.priority, nth);
      const id = ruleId(netns, rule.priority, nth);
      const from = rule.from === null ? '' : `from ${rule.from}`;
      const to = rule.to === null ? '' : `to ${rule.to}`;
      const mark = rule.mark === null ? '' : `mark ${rule.mark.value}`;
      const who = [from, to, mark, rule.iif && `in ${rule.iif}`, rule.oif && `out ${rule.oif}`]
        .filter(Boolean)
        .join(' ');
      const what = rule.action === 'lookup' ? `table ${rule.table}` : rule.action;
      return { id, ids: [id], sort: 'rule', name: who || 'all', texts: [what], word: wordOf(id) };
    });
}

/** NAT and forwards of a namespace; those of the host are gates. */
export function natRows({ lab, words }: PictureLab, netns: string): readonly BoxRow[] {
  const id = nftId(netns, lab.name);
  const nat = lab.nat.filter((one) => one.netns === netns);
  const forwards = mergeFamilies(lab.forwards.filter((one) => one.netns === netns));
  return [
    ...nat.map((one): BoxRow => {
      const text = `${natLabel(one)}${one.out === null ? '' : ` out ${one.out}`}`;
      return { id, ids: [id], sort: 'nat', name: one.kind, texts: [text], word: words.get(one) ?? null };
    }),
    ...forwards.map((one): BoxRow => {
      return {
        id,
        ids: [id],
        sort: 'forward',
        name: listenLabel(one),
        texts: [forwardTargetLabel(one)],
        word: words.get(one) ?? null,
      };
    }),
  ];
}

/** The files of the lab, one row each. */
export const fileRows = (lab: Lab, wordOf: StatusLookup): readonly BoxRow[] =>
  lab.files.map(({ kind, name, path }): BoxRow => {
    const id = fileId(kind, name);
    return { id, ids: [id], sort: 'cni', name, texts: [path], word: wordOf(id) };
  });

/** A forward of both families is one to whoever looks. */
export function mergeFamilies(forwards: readonly LabForward[]): readonly LabForward[] {
  const seen = new Set<string>();
  return forwards.filter((one) => {
    const key = JSON.stringify([one.netns, one.address, one.ports, one.protocols, one.target.label, one.target.ports]);
    return !seen.has(key) && seen.add(key);
  });
}

/** `v-net-0`, `any as 203.0.113.5`. */
export const natLabel = ({ label, as }: LabNat): string => (as === null ? label : `${label} as ${as.address}`);

/** `:8080/tcp`, `127.0.0.1:53/tcp+udp`. */
export const listenLabel = ({ address, ports, protocols }: LabForward): string =>
  `${address === null ? '' : bracketed(address)}:${portsText(ports)}/${protocols.join('+')}`;

/** `blue:80`. */
export const forwardTargetLabel = ({ target: { label, ports } }: LabForward): string =>
  `${bracketed(label)}:${portsText(ports)}`;

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);
const portsText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);
