import { fileURLToPath } from 'node:url';
import { isJsonObject } from '../../src/model/json.ts';
import { settingLines } from './interface-settings.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Link = { readonly index: number; readonly name: string };

/** From the top of the repository, for the build of the campaign takes this file along. */
const script = fileURLToPath(new URL('./snapshot.pl', import.meta.url));

/**
 * The network of every namespace and the files that netform writes, as text that is equal when the two machines are:
 * without counters, indexes, timers and what still settles, and with the other end of each veth by name.
 */
export async function takeSnapshot(run: (script: string) => Promise<string>): Promise<string> {
  const sections = sectionsOf(await settled(run));
  const links = new Map(
    [...sections].filter(([title]) => title.endsWith(' links')).map(([title, body]) => [owner(title), indexed(body)]),
  );
  const texts = [...sections]
    .filter(([title]) => !title.endsWith(' nsids'))
    .map(([title, body]) => `== ${title}\n${render(title, body, { sections, links })}`);
  return `${texts.join('\n')}\n`;
}

/** The kernel tries out an automatic IPv6 address for a second or two, unless it was told not to. */
async function settled(run: (script: string) => Promise<string>): Promise<string> {
  for (let tries = 0; tries < 20; tries++) {
    const output = await run(`perl ${script}`);
    if (!output.includes('"tentative":true')) return output;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('IPv6 addresses stay tentative');
}

type World = {
  readonly sections: ReadonlyMap<string, string>;
  readonly links: ReadonlyMap<string, readonly Link[]>;
};

function render(title: string, body: string, world: World): string {
  if (title.endsWith(' sysctls'))
    return lines(body)
      .filter((line) => !volatileSysctl.test(line))
      .sort()
      .join('\n');
  if (title.endsWith(' links')) {
    const links = array(body).map((link) => text(withPeer(link, owner(title), world)));
    return [...links.sort(), ...array(body).flatMap(addressesOf).sort()].join('\n');
  }
  if (title.endsWith(' interfaces')) return lines(body).flatMap(settingLines).join('\n');
  if (isPlain(title)) return body.trimEnd();
  return array(body).map(text).sort().join('\n');
}

const isPlain = (title: string): boolean => / (?:nft|rules6)$/.test(title) || title.startsWith('machine');

/** `link_index` counts in the namespace of `link_netnsid`, a number of this namespace's own. */
function withPeer(link: Json, netns: string, world: World): Json {
  if (!isJsonObject(link) || typeof link['link_index'] !== 'number') return link;
  const id = link['link_netnsid'];
  const there =
    id === undefined ? netns : (nsids(world.sections.get(`${netns} nsids`) ?? '').get(Number(id)) ?? 'host');
  const peer = world.links.get(there)?.find((each) => each.index === link['link_index']);
  return { ...link, peer: `${there}/${peer?.name ?? '?'}` };
}

/** The addresses of a link, a line each. */
const addressesOf = (link: Json): readonly string[] =>
  isJsonObject(link) && Array.isArray(link['addr_info'])
    ? link['addr_info'].map((each) => text({ on: link['ifname'] ?? null, ...(isJsonObject(each) ? each : {}) }))
    : [];

const nsids = (body: string): ReadonlyMap<number, string> =>
  new Map(
    array(body).flatMap((each) => (isJsonObject(each) ? [[Number(each['nsid']), String(each['name'] ?? 'host')]] : [])),
  );

const indexed = (body: string): readonly Link[] =>
  array(body).flatMap((link) =>
    isJsonObject(link) ? [{ index: Number(link['ifindex']), name: String(link['ifname']) }] : [],
  );

/** What differs between two readings of the same thing, or says only when it was made. */
const volatileKeys = new Set(
  (
    'addr_info ifindex link link_index link_netnsid link_pointtopoint operstate linkmode stats stats64 valid_life_time ' +
    'preferred_life_time tentative expires hello_timer tcn_timer topology_change_timer gc_timer topology_change ' +
    'topology_change_detected message_age_timer forward_delay_timer hold_timer state id no root_id bridge_id root_port ' +
    'root_path_cost designated_bridge designated_port designated_cost designated_root cost parentdev ' +
    'refcnt reachable thresh1 thresh2 thresh3 gc_interval multicast_router tso_max_size gso_max_size gro_max_size ' +
    'gso_ipv4_max_size gro_ipv4_max_size'
  ).split(' '),
);
const volatileFlags = new Set(['NO-CARRIER', 'LOWER_UP', 'M-DOWN', 'linkdown']);
const volatileSysctl =
  /nf_conntrack_count|\/tcp_fastopen_key|gc_thresh|\/tcp_mem|\/udp_mem|fs_|nf_conntrack_(max|buckets)/;

function text(value: Json): string {
  return JSON.stringify(value, (key, each) => {
    if (volatileKeys.has(key)) return undefined;
    if (key === 'flags' && Array.isArray(each)) return each.filter((flag) => !volatileFlags.has(flag)).sort();
    return each;
  });
}

/** What `ip` was asked (in snapshot.pl), in that order: a line of JSON each. */
const ASKED = ['nsids', 'links', 'routes', 'rules', 'neighbours', 'tables'];

function sectionsOf(output: string): Map<string, string> {
  const sections = [...split(output)].flatMap(([title, body]) => {
    if (!title.endsWith(' ip')) return [[title, body] as const];
    const answers = lines(body);
    if (answers.length !== ASKED.length) throw new Error(`${title}: ${answers.length} answers of ${ASKED.length}`);
    return ASKED.map((name, nth) => [`${owner(title)} ${name}`, answers[nth] ?? ''] as const);
  });
  return new Map(sections);
}

function split(output: string): Map<string, string> {
  const parts = output.split(/^== (.*)$/m).slice(1);
  const sections = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2) sections.set(parts[i] ?? '', (parts[i + 1] ?? '').trimStart());
  return sections;
}

const owner = (title: string): string => title.slice(0, title.lastIndexOf(' '));
const lines = (body: string): readonly string[] => body.split('\n').filter((line) => line !== '');
const array = (body: string): readonly Json[] => (body.trim() === '' ? [] : JSON.parse(body));
/**
 * Of a snapshot, what two ways to build one network have in common: interfaces with their MTU, state, kind, bridge and
 * other end, addresses, routes, rules, neighbours and forwarding. MACs, marks, protocols and tuning may differ.
 */
export function essenceOf(snapshot: string): string {
  const sections = [...split(snapshot)].filter(([title]) => !title.startsWith('machine'));
  return sections
    .map(
      ([title, body]) =>
        [
          title,
          lines(body)
            .flatMap((line) => essential(title, line))
            .sort(),
        ] as const,
    )
    .filter(([, found]) => found.length > 0)
    .map(([title, found]) => `== ${title}\n${found.join('\n')}`)
    .join('\n');
}

/** Of a rule of IPv6 (linux/fib_rules.h). */
const FRA_PROTOCOL = '21';

function essential(title: string, line: string): readonly string[] {
  if (title.endsWith(' sysctls')) return /ip_forward:|ipv6\/conf\/all\/forwarding:/.test(line) ? [line] : [];
  if (/ (?:nft|interfaces|tables)$/.test(title)) return [];
  const each: Json = JSON.parse(line);
  if (!isJsonObject(each)) return [];
  if ('on' in each) return line.includes('"fe80:') ? [] : [`${each['on']} ${each['local']}/${each['prefixlen']}`];
  if (title.endsWith(' links')) return [text(linkOf(each))];
  if (each['table'] === '255' || /"(?:dst|multicast)":"(?:fe80|ff00|multicast)/.test(line)) return [];
  return [text({ ...each, [FRA_PROTOCOL]: '', protocol: '', flags: '', scope: '', pref: '' })];
}

const linkOf = (link: { readonly [key: string]: Json }): Json => {
  const { ifname = null, mtu = null, master = null, peer = null, flags, linkinfo } = link;
  const kind = linkinfo !== undefined && isJsonObject(linkinfo) ? (linkinfo['info_kind'] ?? null) : null;
  return { ifname, mtu, master, peer, kind, up: Array.isArray(flags) && flags.includes('UP') };
};
