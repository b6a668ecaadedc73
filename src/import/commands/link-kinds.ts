import { type JsonMap, omitEmpty } from '../result.ts';

/** What the words after `type KIND` of `ip link` are called in a topology. */
export const LINK_WORDS = {
  ...{ id: 'id', vni: 'id', remote: 'remote', group: 'group', local: 'local', dstport: 'port', dev: 'dev' },
  ...{ stp_state: 'stp', ageing_time: 'ageing', forward_delay: 'forwardDelay', priority: 'priority' },
  ...{
    mcast_snooping: 'multicastSnooping',
    vlan_filtering: 'vlanFiltering',
    protocol: 'protocol',
    key: 'key',
    ttl: 'ttl',
    hoplimit: 'ttl',
  },
  ...{ mode: 'mode', table: 'table', miimon: 'miimon', xmit_hash_policy: 'xmitHashPolicy' },
  ...{ lacp_rate: 'lacpRate', min_links: 'minLinks' },
};

/** The words of one command, by what they are called in a topology, and the link below. */
type MadeLink = { readonly named: ReadonlyMap<string, string>; readonly parent: string | null };

/** `words`: those that are understood; another one, and the link is left out. Null: they say something else. */
type KindReader = { readonly words: readonly string[]; readonly read: (link: MadeLink) => JsonMap | null };

/** A link's kind and options as a topology has them; null: it has no such kind, or the options say something else. */
export function madeKind(kind: string, named: ReadonlyMap<string, string>, parent: string | null): JsonMap | null {
  const reader = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!reader || [...named.keys()].some((key) => !reader.words.includes(key))) return null;
  const options = reader.read({ named, parent });
  return options && { [kind]: omitEmpty(options) };
}

const numberOf = ({ named }: MadeLink, key: string): number | null => (named.has(key) ? Number(named.get(key)) : null);

const wordOf = ({ named }: MadeLink, key: string): string | null => named.get(key) ?? null;

/** A kind that stands on a link; `usual`: the mode that the kernel takes when none is said. */
const onParent = (usual: string | null): KindReader => ({
  words: ['mode'],
  read: (link) => (link.parent === null ? null : { parent: link.parent, mode: wordOf(link, 'mode') ?? usual }),
});

/** `inherit` is the TTL of what it carries. */
const ttlOf = (link: MadeLink): number | null => (wordOf(link, 'ttl') === 'inherit' ? 0 : numberOf(link, 'ttl'));

/** A tunnel by IP; `more`: its other words. */
const tunnel = (more: 'key' | 'mode'): KindReader => ({
  words: ['remote', 'local', 'dev', 'ttl', more],
  read: (link) => {
    const [remote, local] = [addressOf(link, 'remote'), addressOf(link, 'local')];
    const own: JsonMap = more === 'key' ? { key: numberOf(link, 'key') } : { mode: wordOf(link, 'mode') };
    return { ...own, remote, local, dev: link.parent, ttl: ttlOf(link) };
  },
});

/** `any` stands for no address. */
const addressOf = (link: MadeLink, key: string): string | null =>
  wordOf(link, key) === 'any' ? null : wordOf(link, key);

/** Modes of a bond by their numbers (Documentation/networking/bonding.rst), which `ip` takes, too. */
const MODES = [
  ...['balance-rr', 'active-backup', 'balance-xor', 'broadcast'],
  ...['802.3ad', 'balance-tlb', 'balance-alb'],
];

const LINUX_VXLAN_PORT = 8472;

const KINDS: { readonly [kind: string]: KindReader } = {
  dummy: { words: [], read: () => ({}) },
  macvlan: onParent('vepa'),
  macvtap: onParent('vepa'),
  ipvlan: onParent(null),
  vlan: {
    words: ['id', 'protocol'],
    read: (link) => {
      const protocol = wordOf(link, 'protocol')?.toLowerCase() ?? null;
      if (link.parent === null || !link.named.has('id')) return null;
      return {
        id: numberOf(link, 'id'),
        parent: link.parent,
        protocol: protocol === '802.1q' ? null : protocol,
      };
    },
  },
  ...{ gre: tunnel('key'), gretap: tunnel('key'), ip6gre: tunnel('key'), ip6gretap: tunnel('key') },
  ...{ ipip: tunnel('mode'), sit: tunnel('mode'), ip6tnl: tunnel('mode') },
  geneve: {
    words: ['id', 'remote', 'port', 'ttl'],
    read: (link) => {
      const [id, remote] = [numberOf(link, 'id'), wordOf(link, 'remote')];
      return id === null || remote === null ? null : { id, remote, port: numberOf(link, 'port'), ttl: ttlOf(link) };
    },
  },
  vxlan: {
    words: ['id', 'remote', 'group', 'local', 'port', 'dev'],
    read: (link) => {
      const [id, remote, group] = [numberOf(link, 'id'), wordOf(link, 'remote'), wordOf(link, 'group')];
      if (id === null || (remote === null) === (group === null)) return null;
      // Without dstport Linux takes the port that it had before IANA gave one.
      const port = numberOf(link, 'port') ?? LINUX_VXLAN_PORT;
      return { id, remote, group, dev: link.parent, local: wordOf(link, 'local'), port };
    },
  },
  bond: {
    words: ['mode', 'miimon', 'xmitHashPolicy', 'lacpRate', 'minLinks'],
    read: (link) => {
      const [mode, miimon] = [wordOf(link, 'mode'), numberOf(link, 'miimon')];
      return {
        mode: mode === null ? null : (MODES[Number(mode)] ?? mode),
        miimon: miimon === null ? null : `${miimon}ms`,
        xmitHashPolicy: wordOf(link, 'xmitHashPolicy'),
        lacpRate: wordOf(link, 'lacpRate'),
        minLinks: numberOf(link, 'minLinks'),
      };
    },
  },
  vrf: { words: ['table'], read: (link) => (link.named.has('table') ? { table: numberOf(link, 'table') } : null) },
};

/** `mode` of `ip tunnel` as a kind of link, with the mode of that kind. */
const TUNNEL_MODES: { readonly [mode: string]: readonly [string, string | null] } = {
  ...{ gre: ['gre', null], ipip: ['ipip', null], sit: ['sit', null], 'gre/ipv6': ['ip6gre', null] },
  ...{ ip6gre: ['ip6gre', null], ip6ip6: ['ip6tnl', 'ip6ip6'], ipip6: ['ip6tnl', 'ipip6'], any: ['ip6tnl', null] },
};

/** The kind that `ip tunnel add … mode MODE` makes. */
export function tunnelKind(named: ReadonlyMap<string, string>, parent: string | null): JsonMap | null {
  const [kind = '', inner = null] = TUNNEL_MODES[named.get('mode') ?? ''] ?? [];
  const rest = new Map([...named].filter(([key]) => key !== 'mode'));
  if (inner !== null) rest.set('mode', inner);
  return madeKind(kind, rest, parent);
}
