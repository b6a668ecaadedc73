import { isJsonObject } from '../../model/json.ts';
import type { KeyWords } from '../topology-readers.ts';

/** The key that another tool's word stands for, among those that are possible at its place; null: none of them. */
export function synonymOf(word: string, possible: readonly string[], more: KeyWords['otherTools'] = {}): string | null {
  const plain = plainWord(word);
  const meant = [SYNONYMS, more].flatMap((words) => (Object.hasOwn(words, plain) ? (words[plain] ?? []) : []));
  return meant.find((key) => possible.includes(key)) ?? null;
}

/** A word without what tools write in different ways: `nextHop`, `next-hop` and `next_hop` are `nexthop`. */
export const plainWord = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '');

/** Whether a key of a namespace describes a container or a virtual machine, which netform does not run. */
export const isContainerWord = (key: string): boolean => CONTAINER_WORDS.has(plainWord(key));

/** Whether a key asks for addresses from a DHCP server. */
export const isDhcpWord = (key: string): boolean => /^dhcp(?:4|6|v4|v6)?(?:overrides)?$/.test(plainWord(key));

/** The section of a topology that holds what another tool's section holds; null: none does. */
export function sectionSynonym(key: string): string | null {
  const plain = plainWord(key);
  return Object.entries(SECTIONS).find(([, words]) => words.includes(plain))?.[0] ?? null;
}

/** The text of a value that may be the name of a LAN in another tool's file: `lan`, `[lan]`, `{ lan: … }`. */
export function networkNames(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap((item) => (typeof item === 'string' ? [item] : networkNames(item)));
  return isJsonObject(value) ? Object.keys(value) : [];
}

/** Words of Docker, Compose, containerlab, Netplan, ifupdown, iproute2 and nftables, and the keys that they can stand for. */
const SYNONYMS: { readonly [word: string]: readonly string[] } = {
  macaddress: ['mac'],
  hwaddr: ['mac'],
  hwaddress: ['mac'],
  lladdr: ['mac'],
  ether: ['mac'],
  addresses: ['address'],
  addr: ['address', 'to'],
  ip: ['address', 'to'],
  ips: ['address'],
  ipaddr: ['address'],
  ipaddress: ['address'],
  ipv4: ['address'],
  ipv6: ['address'],
  ipv4address: ['address'],
  ipv6address: ['address'],
  inet: ['address'],
  network: ['bridge', 'subnet', 'cidr', 'to'],
  net: ['bridge', 'subnet', 'cidr', 'to'],
  lan: ['bridge'],
  switch: ['bridge'],
  master: ['bridge', 'parent'],
  range: ['subnet', 'cidr'],
  prefix: ['subnet', 'cidr', 'to'],
  pool: ['subnet', 'cidr'],
  block: ['subnet', 'cidr'],
  cidr: ['subnet'],
  subnets: ['subnet', 'cidr'],
  endpoints: ['ends'],
  endpoint: ['ends'],
  ipforward: ['forwarding'],
  forward: ['forwarding'],
  routing: ['forwarding'],
  ipforwarding: ['forwarding'],
  router: ['forwarding'],
  isrouter: ['forwarding'],
  dest: ['to'],
  dst: ['to'],
  destination: ['to'],
  target: ['to'],
  host: ['to'],
  container: ['to'],
  gateway: ['via'],
  gw: ['via', 'gateway'],
  defaultgateway: ['gateway'],
  nexthop: ['via'],
  device: ['dev'],
  interface: ['dev'],
  iface: ['dev'],
  source: ['src', 'from'],
  oifname: ['oif'],
  iifname: ['iif'],
  oif: ['dev'],
  lookup: ['table'],
  pref: ['priority', 'metric'],
  prio: ['priority'],
  preference: ['priority', 'metric'],
  cost: ['metric'],
  fwmark: ['mark'],
  action: ['type'],
  vni: ['id'],
  vnid: ['id'],
  dstport: ['port'],
  peer: ['remote'],
  link: ['parent', 'dev'],
  arp: ['neighbours'],
  neighbors: ['neighbours'],
  variables: ['vars'],
  sysctl: ['sysctls'],
};

/** Sections of other tools by the key of a topology, at top level. */
const SECTIONS: { readonly [section: string]: readonly string[] } = {
  bridges: ['networks', 'network', 'switches', 'switch', 'lans', 'vswitches', 'ovs'],
  namespaces: ['nodes', 'hosts', 'containers', 'machines', 'routers', 'netns', 'pods', 'vms'],
  links: ['cables', 'wires', 'connections', 'edges', 'veths'],
};

const CONTAINER_WORDS: ReadonlySet<string> = new Set([
  'image',
  'env',
  'environment',
  'envfile',
  'cmd',
  'command',
  'args',
  'exec',
  'entrypoint',
  'volumes',
  'volumemounts',
  'mounts',
  'binds',
  'restart',
  'dependson',
  'containername',
  'build',
  'healthcheck',
  'kind',
  'labels',
  'privileged',
  'capadd',
  'deploy',
  'replicas',
  'stdinopen',
  'tty',
  'workingdir',
  'hostname',
  'user',
  'startupconfig',
  'resources',
  'memory',
  'cpu',
  'cpus',
  'networkmode',
  'process',
  'processes',
  'program',
  'programs',
]);
