import type { RouteValue, RuleValue } from '../../../src/model/instruction.ts';
import type { Spec } from '../../../src/model/json.ts';
import type { Impairment } from '../../../src/model/kernel/impairment.ts';
import type { FdbLive, MulticastEntryLive, PortVlanLive } from '../../../src/model/kernel/live-state.ts';
import type { WireguardDevice } from '../../../src/model/kernel/wireguard.ts';

/** The memory of the fake machine. Everything in it may be changed directly to seed what is not the lab's. */
export type World = {
  readonly netns: Map<string, FakeNetns>;
  readonly files: Map<string, string>;
  /** By namespace, lab and name. */
  readonly processes: Map<string, Spec>;
  /** Folders that exist; those on the way of a written file are added. */
  readonly folders: Set<string>;
  /** Host ends of veths whose namespace was deleted: still there, gone after the next look. */
  readonly lingering: Set<FakeLink>;
  bootId: string;
  /** Whether the kernel has queues of netem. */
  hasNetem: boolean;
  nextCookie: number;
};

export type FakeNetns = {
  readonly name: string;
  readonly cookie: string;
  mark: string | null;
  readonly links: Map<string, FakeLink>;
  addresses: FakeAddress[];
  routes: FakeRoute[];
  rules: FakeRule[];
  neighbours: FakeNeighbour[];
  fdb: FdbLive[];
  mdb: MulticastEntryLive[];
  /** By port: what differs from a new one's. */
  readonly vlans: Map<string, readonly PortVlanLive[]>;
  /** Only what was written; `all` and `default` among them. */
  readonly sysctls: Map<string, string>;
  /** Script by table. */
  readonly tables: Map<string, string>;
  /** Of the family netdev. */
  readonly egressTables: Map<string, string>;
  nextIndex: number;
};

export type FakeLink = {
  readonly netns: string;
  readonly name: string;
  readonly kind: string | null;
  readonly index: number;
  mac: string;
  mtu: number;
  up: boolean;
  group: number;
  alias: string | null;
  master: string | null;
  peer: FakeLink | null;
  options: Spec | null;
  /** Of a WireGuard link: what it was given. */
  wireguard?: WireguardDevice;
  /** The link below, in this namespace or on the host. */
  lower: { readonly netns: string; readonly name: string } | null;
  hairpin: boolean;
  port: Spec;
  /** Its root queue; null: the kernel's own. */
  queue: { readonly kind: string; readonly handle: string; readonly impairment: Impairment } | null;
};

export type FakeAddress = {
  readonly dev: string;
  readonly prefix: string;
  readonly peer?: string;
  readonly protocol: number | null;
};
export type FakeRoute = Omit<RouteValue, 'protocol'> & { readonly protocol: number };
export type FakeRule = Omit<RuleValue, 'protocol'> & { readonly protocol: number };
export type FakeNeighbour = {
  readonly dev: string;
  readonly to: string;
  readonly mac: string;
  readonly protocol: number;
};

/** What the machine refuses, as the kernel says it. */
export type Refusal = Error & { readonly code: string };

export const refuse = (code: string, message: string): Refusal => Object.assign(new Error(message), { code });

export const BRIDGE_DEFAULTS: Spec = {
  stp: false,
  ageing: 300,
  forwardDelay: 15,
  priority: 32768,
  multicastSnooping: true,
};

/** A machine after booting: the host with `lo`, and the folders of /etc. */
export function newWorld(): World {
  const world: World = {
    netns: new Map(),
    files: new Map(),
    processes: new Map(),
    folders: new Set(['/', '/etc', '/etc/netns', '/etc/cni', '/etc/cni/net.d']),
    lingering: new Set(),
    bootId: '11111111-2222-3333-4444-555555555555',
    hasNetem: true,
    nextCookie: 1,
  };
  addNetns(world, 'host');
  return world;
}

/**
 * Puts an empty namespace with `lo` into the world. Its IPv4 settings are the host's of this moment (inet_init_net with
 * devconf_inherit_init_net 0), before `lo` takes its own from them.
 */
export function addNetns(world: World, name: string): FakeNetns {
  const host = world.netns.get('host')?.sysctls ?? [];
  const inherited = [...host].filter(([key]) => /^net\/ipv4\/conf\/(?:all|default)\//.test(key));
  const netns: FakeNetns = {
    name,
    cookie: String(world.nextCookie++),
    mark: null,
    links: new Map(),
    addresses: [],
    routes: [],
    rules: [],
    neighbours: [],
    fdb: [],
    mdb: [],
    vlans: new Map(),
    sysctls: new Map(inherited),
    tables: new Map(),
    egressTables: new Map(),
    nextIndex: 1,
  };
  world.netns.set(name, netns);
  const lo = addLink(netns, 'lo', { kind: null, mac: '00:00:00:00:00:00', mtu: 65536, group: 0 });
  lo.up = name === 'host';
  if (name === 'host') netns.addresses.push(...loopbackAddresses);
  return netns;
}

export const loopbackAddresses: readonly FakeAddress[] = [
  { dev: 'lo', prefix: '127.0.0.1/8', protocol: null },
  { dev: 'lo', prefix: '::1/128', protocol: null },
];

/** Puts a link into a namespace; its sysctls are those of `default` at this moment. */
export function addLink(
  netns: FakeNetns,
  name: string,
  values: Pick<FakeLink, 'kind' | 'mac' | 'mtu' | 'group'>,
): FakeLink {
  const link: FakeLink = {
    ...{ netns: netns.name, name, index: netns.nextIndex++, ...values, up: false, alias: null, master: null },
    ...{
      peer: null,
      options: values.kind === 'bridge' ? BRIDGE_DEFAULTS : {},
      lower: null,
      hairpin: false,
      port: {},
      queue: null,
    },
  };
  netns.links.set(name, link);
  for (const [key, value] of [...netns.sysctls]) {
    const parts = /^(net\/ipv[46]\/conf)\/default\/(.+)$/.exec(key);
    if (parts) netns.sysctls.set(`${parts[1]}/${name}/${parts[2]}`, value);
  }
  return link;
}

export function netnsOf(world: World, name: string): FakeNetns {
  const netns = world.netns.get(name);
  if (!netns) throw refuse('ENOENT', `no namespace ${name}`);
  return netns;
}

export function linkOf(netns: FakeNetns, name: string): FakeLink {
  const link = netns.links.get(name);
  if (!link) throw refuse('ENODEV', `no link ${name} in ${netns.name}`);
  return link;
}
