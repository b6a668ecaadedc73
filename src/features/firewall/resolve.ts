import type { LabModel, ModelLink } from '../../lab/model.ts';
import { type NamedPorts, namedPorts } from '../../lab/naming/named-ports.ts';
import { bridgesByPlace } from '../../lab/naming/network-names.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { resolveDevice } from '../../lab/wiring/resolve-device.ts';
import type { FirewallDefaults, FirewallEntry, FirewallRule } from '../../model/lab-parts/firewall-rule.ts';
import type { LabSysctl } from '../../model/lab-parts/lab-sysctl.ts';
import type { PeerNetwork } from '../../model/lab-parts/peer.ts';
import { linkKindOf } from '../../model/link-kind.ts';
import type { Topology, TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { portRangeText } from '../../net/port-range.ts';
import { entryMatches, unknownEntryPorts } from './matches.ts';
import { firewallPeers, peersText } from './peers.ts';
import { type LabFirewall, type TopologyFirewall, type TopologyFirewallEntry, writtenFirewall } from './topology.ts';

/** The name of the part of the table. */
export const FIREWALL = 'firewall';

/** Asked of the machine: whether the kernel's log has lines of all namespaces. It has the key in its first one only. */
export const LOG_ALL = { need: 'sysctl-value', netns: 'host', key: 'net/netfilter/nf_log_all_netns' } as const;

/** Whether something is to be logged of a namespace, which is not done unless the machine says so. */
export const logsOfNamespaces = ({ namespaces }: Topology): boolean =>
  namespaces.some((netns) => {
    const firewall = writtenFirewall(netns);
    return firewall !== null && (firewall.log || firewall.entries.some(({ log }) => log !== false));
  });

/** What firewalls add: their rules, when the ports that have names are known, and a sysctl where something is logged. */
export function resolveFirewalls({ world, live }: FeatureContext): FeatureContribution {
  const written = [world.topology.host, ...world.topology.namespaces].flatMap((netns) => {
    const firewall = writtenFirewall(netns);
    return firewall === null ? [] : [{ netns, firewall }];
  });
  const [first] = written;
  if (first === undefined) return {};
  const prepared = written.map(({ netns, firewall }) => prepare(world, netns, firewall));
  const value: LabFirewall[] = [];
  const logged: LabSysctl = {
    ...{ netns: 'host', key: LOG_ALL.key, value: '1', dev: null, at: first.firewall.at },
    reason: 'log of firewall',
  };
  return {
    value,
    sysctls: logsOfNamespaces(world.topology) && live.get(LOG_ALL) != null ? [logged] : [],
    later: ({ ports }) => {
      const named = namedPorts(ports);
      const all = prepared.flatMap((one) => finish(world, one, named) ?? []);
      value.push(...all);
      return {
        nft: all.flatMap(({ netns, rules }) => rules.map(({ rule, at }) => ({ netns, part: FIREWALL, rule, at }))),
      };
    },
  };
}

type PreparedEntry = {
  readonly written: TopologyFirewallEntry;
  readonly in: readonly string[] | null;
  readonly out: readonly string[] | null;
  readonly from: readonly PeerNetwork[] | null;
  readonly to: readonly PeerNetwork[] | null;
};

type PreparedFirewall = {
  readonly netns: string;
  readonly written: TopologyFirewall;
  readonly defaults: FirewallDefaults;
  readonly entries: readonly PreparedEntry[];
};

/** Resolves the names in a firewall. */
function prepare(world: LabModel, { name: netns }: TopologyNetns, written: TopologyFirewall): PreparedFirewall {
  const place = { netns, bridges: bridgesByPlace(world) };
  const links = (names: readonly TopologyValue<string>[] | null) =>
    names?.flatMap((name) => resolveDevice(world, netns, name)?.name ?? []) ?? null;
  const { input, forward, output, log, clampMss } = written;
  return {
    netns,
    written,
    defaults: {
      sort: 'defaults',
      verdicts: { input, forward, output },
      log,
      clampMss,
      links: netns === 'host' ? labLinks(world) : null,
      lans: switchedLans(world, netns),
    },
    entries: written.entries.map((entry) => ({
      written: entry,
      in: links(entry.in),
      out: links(entry.out),
      from: firewallPeers(world, entry.from, place),
      to: firewallPeers(world, entry.to, place),
    })),
  };
}

/** Null: of the machine, where the lab has no link. */
function finish(
  world: LabModel,
  { netns, written, defaults, entries }: PreparedFirewall,
  named: NamedPorts,
): LabFirewall | null {
  const rules = entries.map((entry): { rule: FirewallRule; at: LabFirewall['at'] } => ({
    rule: toRule(world, entry, { netns, named }),
    at: entry.written.at,
  }));
  return {
    netns,
    at: written.at,
    rules: defaults.links?.length === 0 ? [] : [{ rule: defaults, at: written.at }, ...rules],
    unknownPorts: entries.flatMap((entry) => unknownEntryPorts(entry.written, named)),
  };
}

function toRule(
  world: LabModel,
  { written, in: inLinks, out, from, to }: PreparedEntry,
  { netns, named }: { readonly netns: string; readonly named: NamedPorts },
): FirewallEntry {
  const { sort, reject, log, ports, proto } = written;
  return {
    sort,
    label: labelOf(written),
    verdict: sort === 'allow' ? 'accept' : reject ? 'reject' : 'drop',
    log: typeof log === 'string' ? log : log ? `firewall ${netns} ${sort}` : null,
    ...{ in: inLinks, out, from },
    matches: entryMatches(world, { to, ports, proto }, named),
  };
}

/** `from guests to lan port 80/tcp`, `all`. */
function labelOf(entry: TopologyFirewallEntry): string {
  const { from, to, proto, ports, log } = entry;
  const texts = (all: readonly TopologyValue<string>[]): string => all.map(({ value }) => value).join(', ');
  const parts = [
    ...(entry.in ? [`in ${texts(entry.in)}`] : []),
    ...(from ? [`from ${peersText(from)}`] : []),
    ...(to ? [`to ${peersText(to)}`] : []),
    ...(entry.out ? [`out ${texts(entry.out)}`] : []),
    ...(proto ? [`proto ${texts(proto)}`] : []),
    ...(ports
      ? [
          `port ${ports
            .map(({ value: { ports: one, protocols } }) => {
              const port = 'name' in one ? one.name : portRangeText(one);
              return `${port}/${protocols.join('+')}`;
            })
            .join(', ')}`,
        ]
      : []),
  ];
  const what = parts.length === 0 ? 'everything' : parts.join(' ');
  return `${what}${entry.reject ? ', refused' : ''}${log === false ? '' : ', logged'}`;
}

/** The links of the machine that the lab makes and that packets enter and leave by. */
const labLinks = ({ wiring }: LabModel): readonly string[] => [
  ...new Set(
    [...wiring.links, ...wiring.vlans.places].flatMap(({ netns, kind, name, master }) =>
      netns === 'host' && master === null && (kind === 'switch' || kind === 'end' || kind === 'own') ? [name] : [],
    ),
  ),
];

/** The bridges of a namespace with their subnets: where frames between ports pass netfilter, they would be taken for forwarded packets. */
function switchedLans({ wiring, segmentByLink, linkKinds }: LabModel, netns: string): FirewallDefaults['lans'] {
  const places = [...wiring.bridges, ...wiring.vlans.places];
  return wiring.bridges.flatMap((bridge) => {
    const { own, name } = bridge;
    if (bridge.netns !== netns || (own && linkKindOf(linkKinds, own.kind).madeByProgram)) return [];
    const parts = places.filter((one: ModelLink) => one === bridge || one.vlan?.of === bridge);
    const subnets = parts.flatMap((part) => segmentByLink.get(part)?.subnets.map(({ text }) => text) ?? []);
    return [{ dev: name, subnets: [...new Set(subnets)] }];
  });
}
