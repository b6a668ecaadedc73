import { RT_TABLE_MAIN } from './kernel/rtnetlink.ts';
import type { Lab, LabRoute } from './lab.ts';

/** What a person would say: `netns:red`. */
export const netnsId = (name: string): string => `netns:${name}`;

/** The id of what has to be there before anything is made in a namespace: none for the host. */
export const netnsIds = (netns: string): readonly string[] => (netns === 'host' ? [] : [netnsId(netns)]);

export const bridgeId = (netns: string, name: string): string => `bridge:${netns}/${name}`;

/** Of a cable: the first of its ends. */
export const vethId = (end: { readonly netns: string; readonly name: string }): string =>
  `veth:${end.netns}/${end.name}`;

/** A vxlan: `vxlan:node1/vx0`. */
export const vxlanId = (netns: string, name: string): string => `vxlan:${netns}/${name}`;

export const addressId = (netns: string, dev: string): string => `address:${netns}/${dev}`;

/** `route:red/main/default`, `route:red/100/::/0@50`. */
export const routeId = (netns: string, route: Pick<LabRoute, 'to' | 'table' | 'metric'>): string =>
  `route:${netns}/${tableName(route.table)}/${routeName(route)}`;

/** `default`, `10.9.0.0/16`, with `@metric` when that is not the kernel's own choice. */
export function routeName(route: Pick<LabRoute, 'to' | 'metric'>): string {
  const to = route.to === '0.0.0.0/0' ? 'default' : route.to;
  return route.metric === (to.includes(':') ? 1024 : 0) ? to : `${to}@${route.metric}`;
}

/** `main` for 254, else the number. */
export const tableName = (table: number): string => (table === RT_TABLE_MAIN ? 'main' : String(table));

/** `nth` counts from 1 among the rules of one priority in one namespace. */
export const ruleId = (netns: string, priority: number, nth: number): string =>
  `rule:${netns}/${priority}${nth > 1 ? `#${nth}` : ''}`;

export const neighbourId = (netns: string, dev: string, to: string): string => `neighbour:${netns}/${dev}/${to}`;

export const sysctlId = (netns: string, key: string): string => `sysctl:${netns}/${sysctlName(key)}`;

/** The slash key as sysctl(8) prints it: dots for slashes, and slashes for the dots of a device's name. */
export const sysctlName = (key: string): string => key.replace(/[./]/g, (character) => (character === '/' ? '.' : '/'));

export const nftId = (netns: string, lab: string): string => `nft:${netns}/${nftTable(lab)}`;

/** Our own table: the prefix keeps a lab's name from being a word of nft. */
export const nftTable = (lab: string): string => `netform_${lab}`;

export const hostsFilesId = (netns: string): string => `names:${netns}`;

/** The id of a file by its kind and name: `conflist:mynet`. */
export const fileId = (kind: string, name: string): string => `${kind}:${name}`;

/** The ids of the links that the lab makes, by `netns/dev`; both ends of a cable have the cable's. */
export function linkIdsOf(lab: Lab): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { netns, name } of lab.bridges) ids.set(`${netns}/${name}`, bridgeId(netns, name));
  for (const { ends } of lab.cables) {
    for (const { netns, name } of ends) ids.set(`${netns}/${name}`, vethId(ends[0]));
  }
  for (const { netns, name } of lab.vxlans) ids.set(`${netns}/${name}`, vxlanId(netns, name));
  return ids;
}
