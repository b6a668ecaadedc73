import { RT_TABLE_MAIN } from './kernel/rtnetlink.ts';
import type { Lab, LabCable, LabLink, LabRoute } from './lab.ts';

/** The id of a namespace: `netns:red`. */
export const netnsId = (name: string): string => `netns:${name}`;

/** The id of what has to be there before anything is made in a namespace: none for the host. */
export const netnsIds = (netns: string): readonly string[] => (netns === 'host' ? [] : [netnsId(netns)]);

/** The id of a container that is a namespace of the lab: `container:db`. */
export const containerId = (name: string): string => `container:${name}`;

/** The id of the symbolic link by which `ip netns` shows a container: `netns-link:db`. */
export const netnsLinkId = (name: string): string => `netns-link:${name}`;

/** `bridge:host/v-net-0`. */
export const linkId = ({ kind, netns, name }: Pick<LabLink, 'kind' | 'netns' | 'name'>): string =>
  `${kind}:${netns}/${name}`;

/** The id of a cable is that of its first end. */
export const cableId = ({ kind, ends: [{ netns, name }] }: Pick<LabCable, 'kind' | 'ends'>): string =>
  linkId({ kind, netns, name });

/** The id of the addresses of a link: `address:red/eth0`. */
export const addressId = (netns: string, dev: string): string => `address:${netns}/${dev}`;

/** `route:red/main/default`, `route:red/100/::/0@50`, `route:red/main/10.9.0.0/16+tos=16`. */
export function routeId(
  netns: string,
  route: Pick<LabRoute, 'to' | 'table' | 'metric' | 'options'> & { readonly tos?: number },
): string {
  const tos = route.tos ?? route.options?.tos;
  return `route:${netns}/${tableName(route.table)}/${routeName(route)}${tos === undefined ? '' : `+tos=${tos}`}`;
}

/** `default`, `10.9.0.0/16`, with `@metric` when that is not the kernel's own choice. */
export function routeName(route: Pick<LabRoute, 'to' | 'metric'>): string {
  const to = route.to === '0.0.0.0/0' ? 'default' : route.to;
  return route.metric === (to.includes(':') ? 1024 : 0) ? to : `${to}@${route.metric}`;
}

/** What a person reads of a route: as `routeName`, but `default (IPv6)` for `::/0`. */
export const routeLabel = (route: Pick<LabRoute, 'to' | 'metric'>): string =>
  route.to === '::/0' ? `${routeName(route).replace('::/0', 'default')} (IPv6)` : routeName(route);

/** `main` for 254, else the number. */
export const tableName = (table: number): string => (table === RT_TABLE_MAIN ? 'main' : String(table));

/** `nth` counts from 1 among the rules of one priority in one namespace. */
export const ruleId = (netns: string, priority: number, nth: number): string =>
  `rule:${netns}/${priority}${nth > 1 ? `#${nth}` : ''}`;

/** The id of a neighbour entry: `neighbour:red/eth0/10.0.0.1`. */
export const neighbourId = (netns: string, dev: string, to: string): string => `neighbour:${netns}/${dev}/${to}`;

/** The id of an entry of a forwarding table: `fdb:red/vx0/10.0.0.3`. */
export const fdbId = (netns: string, dev: string, to: string): string => `fdb:${netns}/${dev}/${to}`;

/** The id of an entry of a bridge: `bridge-fdb:host/lan/02:00:00:00:00:05`, of a VLAN with `@10`. */
export const bridgeEntryId = (netns: string, bridge: string, mac: string): string =>
  `bridge-fdb:${netns}/${bridge}/${mac}`;

/** The id of an entry of a bridge's multicast table: `bridge-mdb:host/red-eth0/239.1.1.1`, of a VLAN with `@10`. */
export const groupEntryId = (netns: string, dev: string, group: string): string =>
  `bridge-mdb:${netns}/${dev}/${group}`;

/** The id of the VLANs of a port or a bridge: `bridge-vlan:host/red-eth0`. */
export const bridgeVlanId = (netns: string, dev: string): string => `bridge-vlan:${netns}/${dev}`;

/** The id of a sysctl: `sysctl:host/net.ipv4.ip_forward`. */
export const sysctlId = (netns: string, key: string): string => `sysctl:${netns}/${sysctlName(key)}`;

/** The slash key as sysctl(8) prints it: dots for slashes, and slashes for the dots of a device's name. */
export const sysctlName = (key: string): string => key.replace(/[./]/g, (character) => (character === '/' ? '.' : '/'));

/** The id of a lab's nftables table in a namespace. */
export const nftId = (netns: string, lab: string): string => `nft:${netns}/${nftTable(lab)}`;

/** Our own table: the prefix keeps a lab's name from being a word of nft. */
export const nftTable = (lab: string): string => `netform_${lab}`;

/** The id of the hosts files of a namespace: `names:red`. */
export const hostsFilesId = (netns: string): string => `names:${netns}`;

/** The id of a file by its kind and name: `conflist:mynet`. */
export const fileId = (kind: string, name: string): string => `${kind}:${name}`;

/** The id of a file of a namespace whose bytes lie in the store, by kind and path: `secret:red/run/netform/labs/l/red/wg0.key`. */
export const storedFileId = (kind: string, netns: string, path: string): string => `${kind}:${netns}${path}`;

/** The id of a secret by its path. */
export const secretId = (netns: string, path: string): string => storedFileId('secret', netns, path);

/** The id of a process: `process:red/dnsmasq`. */
export const processId = (netns: string, name: string): string => `process:${netns}/${name}`;

/** The id of an interface that CNI plugins make: `attachment:red/eth0`. */
export const attachmentId = (netns: string, dev: string): string => `attachment:${netns}/${dev}`;

/** The ids of the links that the lab makes, by `netns/dev`; both ends of a cable have the cable's. */
export function linkIdsOf(lab: Lab): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const link of lab.bridges) ids.set(`${link.netns}/${link.name}`, linkId(link));
  for (const cable of lab.cables) {
    for (const { netns, name } of cable.ends) ids.set(`${netns}/${name}`, cableId(cable));
  }
  for (const link of lab.links) ids.set(`${link.netns}/${link.name}`, linkId(link));
  for (const { netns, dev } of lab.attachments) ids.set(`${netns}/${dev}`, attachmentId(netns, dev));
  return ids;
}
