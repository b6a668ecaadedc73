import type { Spec } from '../../src/model/json.ts';
import type { Chain } from '../../src/model/kernel/firewall.ts';
import type { Listener, NetnsLive, PluginLive, RouteLookup, SysctlTrial } from '../../src/model/kernel/live-state.ts';
import { type AnyFact, type LiveState, type NeedId, type NeedName, toLiveState } from '../../src/model/kernel/need.ts';
import type { PlaceLive } from '../../src/model/kernel/place-live.ts';
import type { StateEntry } from '../../src/model/kind.ts';
import { sysctlFacts } from './facts.ts';

/** A machine in a few words; what is left out is absent. */
export type SmallMachine = {
  /** The SSH session that the plan is made in. */
  /** By the name in the lab and what it stands for: `db docker:db`. */
  readonly containers?: { readonly [name: string]: PlaceLive };
  /** What the state has of the lab. */
  readonly recorded?: readonly StateEntry[];
  readonly ssh?: { readonly client: string; readonly server: string };
  /** By name. */
  readonly links?: {
    readonly [name: string]: {
      readonly kind?: string;
      readonly alias?: string;
      readonly mtu?: number;
      readonly mac?: string;
      readonly master?: string;
      readonly options?: Spec;
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
  readonly listeners?: readonly Listener[];
  /** Tables of other programs, as nft prints them. */
  readonly ruleset?: readonly string[];
  /** By address: the route that the kernel takes. */
  readonly lookups?: { readonly [address: string]: RouteLookup };
  readonly missingLinkKinds?: readonly string[];
  readonly missingQueueKinds?: readonly string[];
  /** Paths of programs that are installed, by name. */
  readonly programs?: { readonly [name: string]: string };
  /** What ovs-ofctl has against flows. */
  readonly flowProblems?: { readonly [flow: string]: string };
  /** What is known of users and groups: `user:daemon`, `group:0`. */
  readonly accounts?: { readonly [account: string]: string };
  readonly nftMissing?: string;
  /** Of the host. */
  readonly sysctls?: { readonly [key: string]: string };
  /** By path. */
  readonly files?: { readonly [path: string]: string };
  /** Folders that there are, by path. */
  readonly folders?: readonly string[];
  readonly hostname?: string;
  readonly ipv6?: boolean;
  /** Chains of this machine that filter. */
  readonly firewall?: readonly Chain[];
  /** A sentence with which the rules of the host are refused. */
  readonly refused?: string;
  /** What becomes of sysctls that are written in a new namespace, by slash key; the others are taken. */
  readonly sysctlTrials?: { readonly [key: string]: SysctlTrial };
  /** Versions by plugin; null: not installed. */
  readonly plugins?: { readonly [type: string]: readonly string[] | null };
};

/** The machine as it would have been read. */
export function liveOf(machine: SmallMachine): LiveState {
  const live = readLive(machine);
  const trials = machine.sysctlTrials;
  if (trials === undefined) return live;
  // The list of a trial is known from the question only.
  const get = ((need: NeedId<NeedName>) =>
    need.need === 'sysctl-trial'
      ? JSON.parse(String('key' in need ? need.key : '[]')).map(([key]: [string]) => trials[key] ?? 'fine')
      : live.get(need)) as LiveState['get'];
  return { ...live, get };
}

function readLive(machine: SmallMachine): LiveState {
  const { hostname = 'vm', ipv6 = true, nftMissing = null, refused, sysctls = {} } = machine;
  const bootId = '00000000-0000-0000-0000-000000000000';
  const facts: readonly AnyFact[] = [
    { need: { need: 'machine' }, answer: { bootId, hostname, ipv6 } },
    { need: { need: 'namespace', netns: 'host' }, answer: hostOf(machine) },
    { need: { need: 'listeners', netns: 'host' }, answer: machine.listeners ?? [] },
    { need: { need: 'chains', netns: 'host' }, answer: machine.firewall ?? [] },
    { need: { need: 'foreign-ruleset', netns: 'host' }, answer: (machine.ruleset ?? []).join('\n') },
    { need: { need: 'missing-nft' }, answer: nftMissing },
    { need: { need: 'plugin-names' }, answer: installedPlugins(machine.plugins ?? {}) },
  ];
  const lists: readonly (readonly AnyFact[])[] = [
    sysctlFacts('host', sysctls),
    (machine.missingLinkKinds ?? []).map((key) => ({ need: { need: 'link-kind', key }, answer: false })),
    Object.entries(machine.programs ?? {}).map(([key, answer]) => ({ need: { need: 'program', key }, answer })),
    Object.entries(machine.flowProblems ?? {}).map(([key, answer]) => ({
      need: { need: 'flow-problem', key },
      answer,
    })),
    (machine.missingQueueKinds ?? []).map((key) => ({ need: { need: 'queue-kind', key }, answer: false })),
    Object.entries(machine.accounts ?? {}).map(([key, answer]) => ({ need: { need: 'account', key }, answer })),
    Object.entries(machine.containers ?? {}).map(([name, answer]) => {
      const [netns = '', key = ''] = name.split(' ');
      return { need: { need: 'container', netns, key }, answer };
    }),
    Object.entries(machine.files ?? {}).map(([key, answer]) => ({ ...{ need: { need: 'file', key }, answer } })),
    (machine.folders ?? []).map((key) => ({ need: { need: 'folder', key }, answer: true })),
    Object.entries(machine.lookups ?? {}).map(([key, answer]) => ({
      ...{ need: { need: 'route-lookup', netns: 'host', key }, answer },
    })),
    Object.entries(machine.plugins ?? {}).map(([key, versions]) => ({
      ...{ need: { need: 'plugin', key }, answer: pluginOf(key, versions) },
    })),
    refused === undefined
      ? []
      : [{ need: EXAMPLE_TABLE, answer: { ...NO_TABLE, refused: new Map([['script', refused]]) } }],
  ];
  return toLiveState([...facts, ...lists.flat()], 0);
}

const EXAMPLE_TABLE = { need: 'table', netns: 'host', key: 'netform_example' } as const;
const NO_TABLE = { listing: null, same: [], wanted: new Map<string, string>() };

function hostOf({ links = {}, routes = [] }: SmallMachine): NetnsLive {
  return {
    cookie: '1',
    mark: null,
    links: new Map(
      Object.entries(links).map(([name, { kind = null, alias = null, mtu = 1500, mac, master = null, options }], i) => [
        name,
        {
          name,
          index: i + 1,
          kind,
          mac: mac ?? '52:54:00:00:00:01',
          mtu,
          up: true,
          carrier: true,
          running: true,
          group: 0,
          alias,
          master,
          peer: null,
          options: options ?? (kind === 'bridge' ? BRIDGE : null),
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
  };
}

const installedPlugins = (plugins: NonNullable<SmallMachine['plugins']>): readonly string[] =>
  Object.keys(plugins).filter((type) => plugins[type] !== null);

const pluginOf = (type: string, versions: readonly string[] | null): PluginLive | null =>
  versions && { path: `/usr/lib/cni/${type}`, versions, problem: null };

const BRIDGE = { stp: false, ageing: 300, forwardDelay: 15, priority: 32768, multicastSnooping: true };
