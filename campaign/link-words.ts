import type { Random } from './random.ts';
import { sh } from './shell.ts';

/** The links of red, by hand: a pair, a pair with a port of a bridge, and a tunnel. */
export const LINKS_BY_HAND = `
ip -n red link add eth0 address 02:00:00:00:00:01 type veth peer name far address 02:00:00:00:00:02
ip -n red link add eth1 address 02:00:00:00:00:03 type veth peer name p1 address 02:00:00:00:00:04
ip -n red link add br0 address 02:00:00:00:00:05 type bridge
ip -n red link set p1 master br0
for link in eth0 far eth1 p1 br0; do ip -n red link set $link addrgenmode none up; done
ip -n red link add vx0 mtu 1400 address 02:00:00:00:00:06 type vxlan id 5 remote 10.1.0.8 dev eth0 dstport 4789
ip -n red link set vx0 addrgenmode none up`;

/** What a file says of them; `strange`: also what would change something that is on them. */
export function linkParts(dice: Random, isStrange: boolean) {
  const sometimes = (percent: number): boolean => dice.often(isStrange ? percent : 0);
  return {
    eth0: sometimes(15) ? { mac: '02:00:00:00:00:11' } : {},
    links: {
      far: { address: 'none' },
      eth1: { address: 'none', ...(sometimes(15) ? { state: 'down' } : {}) },
      p1: sometimes(15) ? { address: 'none' } : { bridge: 'br0' },
      vx0: {
        address: 'none',
        mtu: 1400,
        vxlan: { id: 5, remote: dice.often(50) ? '10.1.0.8' : ['10.1.0.8', '10.1.0.9'], dev: 'eth0' },
      },
    },
    bridges: { br0: { gateway: 'none', ...(sometimes(15) ? { ageing: 600 } : {}) } },
    cables: ['red:eth0 -- red:far', 'red:eth1 -- red:p1'],
  };
}

/**
 * One word about one of them that the file does not say, as a command line; the kernel may refuse it. `isForeign`: also those
 * that the language has, and one that makes another link of it, which are drift of the lab's own.
 */
export function linkWord(dice: Random, isForeign: boolean): string {
  if (!isForeign) return dice.one(LINK_WORDS)(dice);
  if (dice.often(7)) return `ip -n red link set vx0 type vxlan ${dice.one(['ttl 7', 'nolearning'])}`;
  return dice.often(10) ? `ip -n red link set p1 type bridge_slave ${dice.one(SAID_PORT)}` : dice.one(LINK_WORDS)(dice);
}

const LINK_WORDS: readonly [(dice: Random) => string, ...((dice: Random) => string)[]] = [
  (dice) => `ip -n red link set ${link(dice)} ${dice.one(ANY_LINK)}`,
  (dice) => `ip -n red link set ${link(dice)} ${dice.one(ANY_LINK)}`,
  (dice) => `ip -n red link property add dev ${link(dice)} altname other${dice.below(99)}`,
  (dice) => `ip -n red link set p1 type bridge_slave ${dice.one(PORT)}`,
  (dice) => `ip -n red link set p1 type bridge_slave ${dice.one(PORT)}`,
  (dice) => `ip -n red link set br0 type bridge ${dice.one(BRIDGE)}`,
  (dice) => `ip -n red link set vx0 type vxlan ageing ${dice.one(['100', '200'])}`,
  (dice) => `tc -n red qdisc add dev ${link(dice)} ${dice.one(QDISCS)}`,
  (dice) => `bridge -n red fdb add 02:00:00:00:01:0${dice.below(9)} dev p1 master ${dice.one(FDB)}`,
  (dice) => `bridge -n red fdb append ${mac(dice)} dev vx0 dst 10.1.0.${8 + dice.below(3)} ${dice.one(DESTINATION)}`,
  (dice) => `ip -n red address add fd02::${2 + dice.below(3)}/64 dev eth1 nodad`,
  (dice) => `ip -n red route add 10.4${dice.below(3)}.0.0/16 dev eth1`,
  (dice) => `bridge -n red vlan add vid ${2 + dice.below(3)} dev p1`,
  (dice) => `ip -n red neighbour add proxy 10.1.0.${60 + dice.below(3)} dev ${link(dice)}`,
  (dice) => `ip -n red -6 neighbour add proxy fd01::${60 + dice.below(3)} dev ${link(dice)}`,
  (dice) => `ip -n red neighbour add 10.1.0.7${dice.below(3)} lladdr 02:00:00:00:00:07 dev ${link(dice)} nud permanent`,
];

type Words = readonly [string, ...string[]];
const link = (dice: Random): string => dice.one(['eth0', 'far', 'eth1', 'p1', 'br0', 'vx0']);
const mac = (dice: Random): string => dice.one(['00:00:00:00:00:00', '02:00:00:00:02:01']);
const ANY_LINK: Words = [
  ...(['txqueuelen 500', 'arp off', 'allmulticast on', 'promisc on', 'multicast off'] as const),
  ...['addrgenmode random', 'group 5', 'alias other', 'gso_max_size 4000', 'gso_max_segs 9', 'token ::7'],
];
const PORT: Words = ['mcast_router 2', 'group_fwd_mask 8', 'proxy_arp on', 'mcast_to_unicast on'];
/** Those that the language has words for. */
const SAID_PORT: Words = [
  ...(['isolated on', 'learning off', 'flood off', 'cost 50', 'cost 100', 'priority 5', 'guard on'] as const),
  ...['fastleave on', 'hairpin on', 'root_block on', 'neigh_suppress on', 'mcast_flood off', 'bcast_flood off'],
  'locked on',
];
const BRIDGE: Words = [
  ...(['hello_time 100', 'max_age 1500', 'vlan_filtering 1', 'vlan_default_pvid 7', 'group_fwd_mask 8'] as const),
  ...['mcast_querier 1', 'mcast_router 2', 'no_linklocal_learn 1', 'nf_call_iptables 1', 'mcast_hash_max 256'],
  ...['vlan_stats_enabled 1', 'group_address 01:80:c2:00:00:05', 'mcast_igmp_version 3'],
];
const QDISCS: Words = [
  ...(['root tbf rate 1mbit burst 32kbit latency 400ms', 'root handle 7: prio', 'root fq_codel limit 99'] as const),
  ...['clsact', 'root handle 8: pfifo limit 5', 'root sfq perturb 9'],
];
const FDB: Words = ['static', 'permanent', 'extern_learn', 'static sticky', 'static vlan 1'];
const DESTINATION: Words = ['self', 'self extern_learn', 'self port 8472', 'self vni 9', 'self static'];

/**
 * Whether a fact is a setting that the language has, of the port that a file takes out of its bridge: the plan shows the
 * change, and destroy gives the setting back.
 */
export const isTakenAway = (
  line: string,
  { namespaces }: { readonly namespaces: { readonly red: { readonly interfaces: { readonly p1?: object } } } },
): boolean => !('bridge' in (namespaces.red.interfaces.p1 ?? {})) && OF_A_PORT.test(line);

const OF_A_PORT =
  /^p1 linkinfo info_slave_data (?:isolated|learning|flood|cost|priority|guard|fastleave|hairpin|root_block|neigh_suppress|mcast_flood|bcast_flood|locked) /;

/** Everything of the links of red in all detail, one line for each fact, without counters and timers. */
export async function linkFacts(): Promise<readonly string[]> {
  const [links, ...others] = (
    await sh(`ip -n red -j -d link; echo ==; bridge -n red -d fdb; echo ==; bridge -n red -d vlan; echo ==
      tc -n red -d qdisc; echo ==; ip -n red neighbour show proxy; ip -n red -6 neighbour show proxy`)
  ).split('==\n');
  const parsed: readonly { readonly ifname: string }[] = JSON.parse(links ?? '[]');
  const facts = parsed.flatMap((one) => flatten(one.ifname, one));
  return [...facts, ...others.flatMap((text) => text.split('\n'))].filter(
    (line) => line !== '' && !VOLATILE.test(line),
  );
}

const flatten = (path: string, value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => flatten(Array.isArray(value) ? path : `${path} ${key}`, inner))
    : [`${path} ${value}`];

/** What a bridge learned, timers, what follows from the carrier, and the groups that the kernel itself listens to. */
const VOLATILE =
  / master br0 $|_timer | operstate | state |(?:LOWER_UP|NO-CARRIER)$|^(?:33:33|01:00:5e)| (?:promiscuity|allmulti) /;

/**
 * Facts that say whose a link is, and those that a file changes: the lab's while it has the link. A remote that names no link
 * is adopted with the link that the file has for it.
 */
export const isMarkFact = (line: string): boolean =>
  / (?:ifalias|group|hairpin) |^00:00:00:00:00:00 dev vx0 dst \S+ self permanent$/.test(line);
