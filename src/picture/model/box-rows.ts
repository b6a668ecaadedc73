import { addressId, containerId, fileId, linkIdsOf, neighbourId, routeId, routeName, ruleId } from '../../model/ids.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { Lab, LabRoute } from '../../model/lab.ts';
import type { BoxRow, StatusLookup } from './picture.ts';

/** The interfaces of a namespace, except ports of bridges and those of CNI plugins, with their addresses; `lo` when it has some. */
export function interfaceRows(lab: Lab, netns: string, wordOf: StatusLookup): readonly BoxRow[] {
  const links = linkIdsOf(lab);
  const bridges = new Set(bridgesIn(lab, netns));
  const wired = [...lab.cables.flatMap(({ ends }) => ends), ...lab.links]
    .filter((end) => end.netns === netns && (end.master === null || !bridges.has(end.master)))
    .map(({ name, label, master, l3master }) => ({
      ...{ name, label, cable: links.get(`${netns}/${name}`) ?? null },
      port: master ?? l3master ?? null,
    }));
  const attached = lab.attachments.filter((one) => one.netns === netns).map(({ dev }) => dev);
  const known = new Set([...wired.map(({ name }) => name), ...bridgesIn(lab, netns), ...attached]);
  const others = lab.addresses
    .filter((one) => one.netns === netns && !known.has(one.dev))
    .map(({ dev }) => ({ name: dev, label: dev, cable: null, port: null }));
  return [...wired, ...others].map(({ name, label, cable, port }): BoxRow => {
    const id = addressId(netns, name);
    const neighbours = lab.neighbours.filter((one) => one.netns === netns && one.dev === name);
    const ids = [...(cable === null ? [] : [cable]), id, ...neighbours.map(({ to }) => neighbourId(netns, name, to))];
    const word = (cable === null ? null : wordOf(cable)) ?? wordOf(id);
    const prefixes = lab.addresses.find((one) => one.netns === netns && one.dev === name)?.prefixes ?? [];
    const texts = port === null ? prefixes : [...prefixes, `in ${port}`];
    return { id, ids, sort: 'interface', name: label, texts, word };
  });
}

const bridgesIn = (lab: Lab, netns: string): readonly string[] =>
  lab.bridges.filter((bridge) => bridge.netns === netns).map(({ name }) => name);

/** The routes of a namespace, one row each. */
export function routeRows(lab: Lab, netns: string, wordOf: StatusLookup): readonly BoxRow[] {
  const ends = [...lab.cables.flatMap((cable) => cable.ends), ...lab.links].filter((end) => end.netns === netns);
  const labels = new Map(ends.map(({ name, label }) => [name, label]));
  return lab.routes
    .filter((route) => route.netns === netns)
    .map((route): BoxRow => {
      const id = routeId(netns, route);
      const links = route.hops.map(({ dev }) => labels.get(dev) ?? dev);
      return {
        id,
        ids: [id],
        sort: 'route',
        name: routeName(route),
        texts: [routeText(route)],
        links,
        word: wordOf(id),
      };
    });
}

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

/** The container that a namespace is, in one row; none of one that netform makes. */
export const containerRows = ({ namespaces }: Lab, netns: string): readonly BoxRow[] =>
  namespaces.flatMap(({ name, container }): readonly BoxRow[] => {
    if (name !== netns || !container) return [];
    const id = containerId(name);
    return [{ id, ids: [id], sort: 'container', name: container.ref, texts: [], word: null }];
  });

/** The files of the lab, one row each. */
export const fileRows = (lab: Lab, wordOf: StatusLookup): readonly BoxRow[] =>
  lab.files.flatMap(({ kind, name, path }): BoxRow | readonly BoxRow[] => {
    if (path === null) return [];
    const id = fileId(kind, name);
    return { id, ids: [id], sort: 'cni', name, texts: [path], word: wordOf(id) };
  });
