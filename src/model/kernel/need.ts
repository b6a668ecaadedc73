import type { AttachmentNeeds } from '../lab-parts/attachment.ts';
import type { Chain } from './firewall.ts';
import type {
  AddressLive,
  EgressTableLive,
  FdbLive,
  Holder,
  LegacySave,
  Listener,
  MachineLive,
  MulticastEntryLive,
  NeighbourLive,
  NetnsLive,
  PluginLive,
  PortHolder,
  PortVlanLive,
  QueueLive,
  RouteLookup,
  SysctlTrial,
  TableLive,
} from './live-state.ts';
import type { OvsFlowsLive, OvsLive } from './ovs-live.ts';
import type { PlaceLive } from './place-live.ts';
import type { ProcessLive, StoredFileLive } from './process-live.ts';
import type { WireguardDevice } from './wireguard.ts';

/**
 * Everything of a machine that can be read: by name, `of` what it is asked, what else the question has to say (`with`),
 * and what the answer is. Each has one reader, the file of that name under src/kernel/read/needs.
 */
type NeedTable = AttachmentNeeds & {
  /** The links, addresses, routes and rules of a namespace; of `host` too. */
  readonly namespace: { readonly of: InNetns; readonly answer: NetnsLive };
  /** What a name under /run/netns is that is not a namespace: a dead file (not nsfs), or a symbolic link. */
  readonly 'dead-namespace': { readonly of: InNetns; readonly answer: 'file' | 'link' };
  /** The container `key`, such as `docker:db`, that a namespace of the lab is. Asking for it makes its network that of the name. */
  readonly container: { readonly of: NetnsKey; readonly answer: PlaceLive };
  /** Where the symbolic link of that name under /run/netns leads; no answer: there is none. */
  readonly 'netns-link': { readonly of: InNetns; readonly answer: string };
  /** The neighbour entries of a namespace, and its proxy entries. Expensive: the kernel walks those of all namespaces for each. */
  readonly neighbours: { readonly of: InNetns; readonly answer: readonly NeighbourLive[] };
  /** The entries of forwarding tables in a namespace that were written, not learned. */
  readonly 'forwarding-entries': { readonly of: InNetns; readonly answer: readonly FdbLive[] };
  /** The permanent entries of the multicast tables of the bridges in a namespace. */
  readonly 'multicast-entries': { readonly of: InNetns; readonly answer: readonly MulticastEntryLive[] };
  /** The VLANs of the ports and bridges of a namespace, by link. */
  readonly 'bridge-vlans': { readonly of: InNetns; readonly answer: ReadonlyMap<string, readonly PortVlanLive[]> };
  /** The queueing disciplines in a namespace that were put on a link, not chosen by the kernel. */
  readonly queues: { readonly of: InNetns; readonly answer: readonly QueueLive[] };
  /** Nothing but the addresses of a namespace, without those of fe80::/10. */
  readonly addresses: { readonly of: InNetns; readonly answer: readonly AddressLive[] };
  /** The route that the kernel takes from a namespace to the address `key`; no answer: it has none. */
  readonly 'route-lookup': { readonly of: NetnsKey; readonly answer: RouteLookup };
  /** A sysctl by its slash key; no answer where the namespace does not have the key. */
  readonly 'sysctl-value': { readonly of: NetnsKey; readonly answer: string };
  /**
   * A sysctl of every device (`all` and `default` too) by slash key: `net/ipv4/conf/*` and `/forwarding` in one. What the kernel
   * rewrites on every device when one switch changes has to be known before, so that it can be restored.
   */
  readonly 'device-sysctls': {
    readonly of: InNetns & { readonly key: DeviceSysctlPattern };
    readonly answer: ReadonlyMap<string, string | null>;
  };
  /** What a sysctl is in a new namespace in which the values of `with` were written, in their order. */
  readonly 'default-sysctl': {
    readonly of: NetnsKey;
    readonly with: { readonly sysctls: { readonly [key: string]: string } };
    readonly answer: string;
  };
  /** What the kernel answers when sysctls are written in a new namespace, in their order. `key` identifies the list. */
  readonly 'sysctl-trial': {
    readonly of: Keyed;
    readonly with: { readonly settings: readonly (readonly [string, string])[] };
    readonly answer: readonly SysctlTrial[];
  };
  /** A table, by its name of the family inet, or as `bridge NAME`; compared with what each script would load (in a scratch namespace). `revision`: the one that it had when it was as one of them. */
  readonly table: {
    readonly of: NetnsKey;
    readonly with: { readonly scripts: readonly string[]; readonly revision?: string };
    readonly answer: TableLive;
  };
  /** The nftables tables of a namespace, each as nft names it: `inet filter`. */
  readonly 'table-names': { readonly of: InNetns; readonly answer: readonly string[] };
  /** The chains that filter forwarded packets, with all chains of their tables. Legacy iptables is not among them. */
  readonly chains: { readonly of: InNetns; readonly answer: readonly Chain[] };
  /** Everything in nftables, as `nft -s list ruleset` prints it; empty without the library. */
  readonly ruleset: { readonly of: InNetns; readonly answer: string };
  /** The tables of nftables that are not netform's, as `nft -s list table` prints them; empty without the library. */
  readonly 'foreign-ruleset': { readonly of: InNetns; readonly answer: string };
  /** What `iptables-save` of legacy iptables prints of a namespace; no answer where it has no legacy tables. */
  readonly 'legacy-iptables': { readonly of: InNetns; readonly answer: readonly LegacySave[] };
  /** The processes that run in a namespace, or have it open. */
  readonly processes: { readonly of: InNetns; readonly answer: readonly Holder[] };
  /** The listening sockets of a namespace, for ports that are taken. */
  readonly listeners: { readonly of: InNetns; readonly answer: readonly Listener[] };
  /** The processes that listen on the port `key` of a namespace, and where; no answer: none do. */
  readonly 'port-holders': { readonly of: NetnsKey; readonly answer: readonly PortHolder[] };
  /** The content of the file at an absolute path, in latin1: one character for each byte; no answer: there is no such file. */
  readonly file: { readonly of: Keyed; readonly answer: string };
  /** Whether there is a folder at an absolute path. */
  readonly folder: { readonly of: Keyed; readonly answer: boolean };
  /** The file at an absolute path with its mode and owner; no answer: there is no plain file. */
  readonly 'stored-file': { readonly of: Keyed; readonly answer: StoredFileLive };
  /** What is there of a process that netform started, by `<lab>/<name>`; no answer: nothing. */
  readonly process: { readonly of: NetnsKey; readonly answer: ProcessLive };
  /** Whether such a process is ready, in its own way; it is when it has finished. */
  readonly 'process-ready': { readonly of: NetnsKey; readonly answer: boolean };
  /** The rows of the private Open vSwitch whose database is at the socket `key`; no answer: none runs there. */
  readonly 'open-vswitch': { readonly of: Keyed; readonly answer: OvsLive };
  /**
   * The flows of a bridge of a private Open vSwitch whose own socket is `key`, compared with each list of `lists` (flows, joined by
   * line feeds); no answer: there is no such bridge, or no ovs-ofctl.
   */
  readonly 'open-flows': {
    readonly of: Keyed;
    readonly with: { readonly database: string; readonly lists: readonly string[] };
    readonly answer: OvsFlowsLive;
  };
  /** What ovs-ofctl has against the flow `key`; no answer: nothing, or it is not installed. */
  readonly 'flow-problem': { readonly of: Keyed; readonly answer: string };
  /** A WireGuard device of the kernel by its name, or of a program in user space by the path of its socket; no answer: none is there. */
  readonly wireguard: { readonly of: NetnsKey; readonly answer: WireguardDevice };
  /** The WireGuard devices of the kernel in a namespace, by link. */
  readonly 'wireguard-links': { readonly of: InNetns; readonly answer: ReadonlyMap<string, WireguardDevice> };
  /** Whether a link leaves the checksums of what it sends to its device. */
  readonly 'tx-checksum': { readonly of: NetnsKey; readonly answer: boolean };
  /** Where a program is that the system's folders are searched for; no answer: it is not installed. */
  readonly program: { readonly of: Keyed; readonly answer: string };
  /** What starts programs again that have ended: systemd, or runsv of runit; no answer: nothing does. */
  readonly supervisor: { readonly of: unknown; readonly answer: 'systemd' | 'runsv' };
  /** The table of the family netdev of that name; no answer: there is none. */
  readonly 'egress-table': { readonly of: NetnsKey; readonly answer: EgressTableLive };
  /** Whether the kernel has a kind of queueing discipline (`netem`), tried in a scratch namespace. */
  readonly 'queue-kind': { readonly of: Keyed; readonly answer: boolean };
  /** Whether links of a kind (`veth`) can be made, tried in a scratch namespace; a sentence: why not. */
  readonly 'link-kind': { readonly of: Keyed; readonly answer: boolean | string };
  /** What netform calls a user or a group (`user:qemu`, `group:1000`) of the machine; no answer: there is none of that name; empty: its number is not in this user namespace. */
  readonly account: { readonly of: Keyed; readonly answer: string };
  /** Whether links of a kind that has ports can keep VLANs apart, tried in a scratch namespace. */
  readonly 'vlan-filtering': { readonly of: Keyed; readonly answer: boolean };
  /** The program of a CNI plugin type, with its versions; no answer: there is none. */
  readonly plugin: { readonly of: Keyed; readonly answer: PluginLive };
  /** The names of all CNI plugins in the folders where they are looked for. */
  readonly 'plugin-names': { readonly of: unknown; readonly answer: readonly string[] };
  /** What to install so that nftables can be used; no answer: it can. */
  readonly 'missing-nft': { readonly of: unknown; readonly answer: string };
  /** What the kernel says about itself and the machine. */
  readonly machine: { readonly of: unknown; readonly answer: MachineLive };
};

type InNetns = { readonly netns: string };
type Keyed = { readonly key: string };
type NetnsKey = InNetns & Keyed;

/** `*` stands for each device. */
export type DeviceSysctlPattern =
  `net/${'ipv4' | 'ipv6'}/conf/*/${'accept_ra' | 'forwarding' | 'accept_redirects' | 'rp_filter'}`;

export type NeedName = keyof NeedTable;
/** The key of a need, by which its answer is found. */
export type NeedId<N extends NeedName> = { readonly need: N } & NeedTable[N]['of'];

/** A question to the machine: `{ need: 'sysctl-value', netns: 'red', key: 'net/ipv4/ip_forward' }`. */
export type NeedOf<N extends NeedName> = NeedId<N> &
  (NeedTable[N] extends { readonly with: infer With } ? With : unknown);

/** Any question to the machine. */
export type Need = { readonly [N in NeedName]: NeedOf<N> }[NeedName];

/** The type of the answer to a need. */
export type Answer<N extends NeedName> = NeedTable[N]['answer'];

/** The needs to read, each once. Nothing else of the machine is read. */
export type Query = readonly Need[];

/** A need and its answer; null: there is nothing of that name. */
export type Fact<N extends NeedName> = { readonly need: NeedId<N>; readonly answer: Answer<N> | null };

/** Any need and its answer. */
export type AnyFact = { readonly [N in NeedName]: Fact<N> }[NeedName];

/** The answers to the needs of a query. */
export type LiveState = {
  /** The answer to a need; null: it was not asked for, or there is nothing of that name. */
  readonly get: <N extends NeedName>(need: NeedId<N>) => Answer<N> | null;
  /** The answers that there are to needs of one name. */
  readonly all: <N extends NeedName>(name: N) => readonly AnsweredFact<N>[];
  /** Milliseconds that the reading took. */
  readonly ms: number;
};

/** A need with its answer. */
export type AnsweredFact<N extends NeedName> = { readonly need: NeedId<N>; readonly answer: Answer<N> };

/** Facts by the name of their need and by its key. */
export type FactIndex = Map<string, Map<string, AnyFact>>;

/** The facts as a state in which each is found by its need. */
export function toLiveState(facts: Iterable<AnyFact>, ms: number): LiveState {
  const index: FactIndex = new Map();
  for (const fact of facts) putFact(index, fact);
  return liveStateOf(index, ms);
}

/** Puts a fact in the place of the one that answered the same need; one without an answer only takes that away. */
export function putFact(index: FactIndex, fact: AnyFact): void {
  const known = index.get(fact.need.need) ?? new Map<string, AnyFact>();
  if (fact.answer === null) known.delete(needKey(fact.need));
  else index.set(fact.need.need, known.set(needKey(fact.need), fact));
}

/** A state of facts that were put into an index: those that are put there later are in it, too. */
export function liveStateOf(index: FactIndex, ms: number): LiveState {
  // A fact stands under the name and the key of its own need, so that its answer has the type of that name.
  return {
    get: <N extends NeedName>(need: NeedId<N>) =>
      (index.get(need.need)?.get(needKey(need))?.answer ?? null) as Answer<N> | null,
    all: <N extends NeedName>(name: N) => [...(index.get(name)?.values() ?? [])] as unknown as AnsweredFact<N>[],
    ms,
  };
}

/** A need with the answer that a state has to it. */
export const factOf = <N extends NeedName>(need: NeedId<N>, live: LiveState): AnyFact =>
  ({ need, answer: live.get(need) }) as AnyFact;

/** Identifies a need among all: `namespace red `. */
export const needIdText = (need: Need): string => `${need.need} ${needKey(need)}`;

/** Needs with each identity once; what two of one identity say besides is put together. */
export function mergeNeeds(needs: Iterable<Need>): Query {
  const merged = new Map<string, Need>();
  for (const need of needs) {
    const id = needIdText(need);
    const known = merged.get(id);
    if (known === undefined) merged.set(id, need);
    else if (need.need === 'table' && known.need === 'table')
      merged.set(id, { ...known, ...need, scripts: [...new Set([...known.scripts, ...need.scripts])] });
    else if (need.need === 'open-flows' && known.need === 'open-flows')
      merged.set(id, { ...need, lists: [...new Set([...known.lists, ...need.lists])] });
    else if (need.need === 'default-sysctl' && known.need === 'default-sysctl')
      merged.set(id, { ...need, sysctls: { ...known.sysctls, ...need.sysctls } });
  }
  return [...merged.values()];
}

/** What a key is made of. */
export type NeedKeyParts = { readonly need: string; readonly netns?: string; readonly key?: string };

const needKey = ({ netns = '', key = '' }: NeedKeyParts): string => `${netns} ${key}`;
