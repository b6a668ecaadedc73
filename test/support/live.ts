import type { Chain } from '../../src/model/kernel/firewall.ts';
import type { Listener, LiveState, NetnsLive, PluginLive } from '../../src/model/kernel/live-state.ts';

/** A machine in a few words; what is left out is absent. */
export type SmallMachine = {
  /** The SSH session that the plan is made in. */
  readonly ssh?: { readonly client: string; readonly server: string };
  /** By name. */
  readonly links?: {
    readonly [name: string]: {
      readonly kind?: string;
      readonly alias?: string;
      readonly mtu?: number;
      readonly addresses?: readonly string[];
    };
  };
  /** Main table. */
  readonly routes?: readonly {
    readonly to: string;
    readonly dev: string;
    readonly via?: string;
    readonly protocol?: number;
  }[];
  readonly listeners?: readonly Omit<Listener, 'netns'>[];
  readonly missingLinkKinds?: readonly string[];
  readonly nftMissing?: string;
  /** Of the host. */
  readonly sysctls?: { readonly [key: string]: string };
  readonly hostname?: string;
  readonly ipv6?: boolean;
  /** Chains of this machine that filter. */
  readonly firewall?: readonly Chain[];
  /** A sentence with which the rules of the host are refused. */
  readonly refused?: string;
  /** Versions by plugin; null: not installed. */
  readonly plugins?: { readonly [type: string]: readonly string[] | null };
};

/** The machine as it would have been read. */
export function liveOf(machine: SmallMachine): LiveState {
  return {
    bootId: '00000000-0000-0000-0000-000000000000',
    hostname: machine.hostname ?? 'vm',
    ipv6: machine.ipv6 ?? true,
    netns: new Map([['host', hostOf(machine)]]),
    deadNetns: new Set(),
    files: new Map(),
    listeners: (machine.listeners ?? []).map((listener) => ({ netns: 'host', ...listener })),
    missingLinkKinds: machine.missingLinkKinds ?? [],
    plugins: new Map(Object.entries(machine.plugins ?? {}).map(([type, versions]) => [type, pluginOf(type, versions)])),
    fresh: new Map(),
    addresses: new Map(),
    tableNames: new Map(),
    rulesets: new Map(),
    firewalls: new Map([['host', machine.firewall ?? []]]),
    holders: new Map(),
    nftMissing: machine.nftMissing ?? null,
    ms: 0,
  };
}

function hostOf({ links = {}, routes = [], refused, sysctls = {} }: SmallMachine): NetnsLive {
  return {
    cookie: '1',
    mark: null,
    links: new Map(
      Object.entries(links).map(([name, { kind = null, alias = null, mtu = 1500 }], i) => [
        name,
        {
          name,
          index: i + 1,
          kind,
          mac: '52:54:00:00:00:01',
          mtu,
          up: true,
          carrier: true,
          running: true,
          group: 0,
          alias,
          master: null,
          peer: null,
          bridge: kind === 'bridge' ? BRIDGE : null,
          hairpin: null,
        },
      ]),
    ),
    addresses: Object.entries(links).flatMap(([dev, { addresses = [] }]) =>
      addresses.map((prefix) => ({ dev, prefix, protocol: null, scope: 'global', tentative: false, dadFailed: false })),
    ),
    routes: routes.map(({ to, dev, via = null, protocol = 2 }) => ({
      to,
      type: 'unicast',
      hops: [{ via, dev, weight: 1, onlink: false }],
      src: null,
      metric: 0,
      table: 254,
      mtu: null,
      protocol,
    })),
    rules: [],
    neighbours: [],
    sysctls: new Map(Object.entries(sysctls)),
    tables: new Map(
      refused === undefined
        ? []
        : [
            [
              'netform_example',
              { listing: null, same: [], refused: new Map([['script', refused]]), wanted: new Map() },
            ],
          ],
    ),
  };
}

const pluginOf = (type: string, versions: readonly string[] | null): PluginLive | null =>
  versions && { path: `/usr/lib/cni/${type}`, versions, problem: null };

const BRIDGE = { stp: false, ageing: 300, forwardDelay: 15, priority: 32768, multicastSnooping: true };
