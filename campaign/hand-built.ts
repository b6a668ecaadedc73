import { random } from './random.ts';

/** A namespace of a lab with its interfaces, for commands about them. */
type Place = { readonly netns: string; readonly devices: readonly string[] };

/**
 * The commands that build a lab, as somebody would type them who does not know netform: without its marks, its protocol
 * numbers and its settings of new links; now and then without the MACs.
 */
export function asTypedByHand(script: string, seed: number): string {
  const dice = random(seed);
  const keepsSettings = dice.often(30);
  const keepsMacs = dice.often(50);
  const settings = /^(?:ip netns exec \S+ )?sysctl -qw (?:\\\n(?: {2}net\/.*\n)+|net\/ipv\d\/conf\/\S+\n)/gm;
  const plain = script
    .replace(/ alias netform:\S+(?= up)/g, '')
    .replace(/^.* alias netform:\S+\n/gm, '')
    .replace(/ group 20038/g, '')
    .replace(/ num[rt]xqueues 1/g, '')
    .replace(/ proto(?:col)? 78/g, '')
    .replace(/ handle 4e46:/g, '')
    .replace(/netform_[A-Za-z0-9_.-]+/g, 'by_hand')
    .replace(/^\tset marker \{\n(?:.*\n)*?\t\}\n/gm, '');
  const typed = keepsMacs ? plain : plain.replace(/ address (?:02:4e:46|00:00)(?::[0-9a-f]{2})+/g, '');
  return keepsSettings ? typed : typed.replace(settings, (all) => forwardingOf(all));
}

/** Of the settings that a new namespace gets, the forwarding switches. */
function forwardingOf(command: string): string {
  const [start = ''] = /^(?:ip netns exec \S+ )?sysctl -qw/.exec(command) ?? [];
  const switches = command.match(/net\/(?:ipv4\/ip_forward|ipv6\/conf\/all\/forwarding)=\d/g) ?? [];
  return switches.length > 0 ? `${start} ${switches.join(' ')}\n` : '';
}

/** Words that no topology has, or that people type and netform never would, about things of the lab; each may fail. */
export function foreignWords(topology: { readonly [key: string]: unknown }, seed: number): readonly string[] {
  const dice = random(seed + 77);
  const places = placesOf(topology);
  const count = dice.below(5);
  return Array.from({ length: count }, () => {
    const place = places[dice.below(places.length)];
    if (!place) return 'true';
    const dev = place.devices[dice.below(place.devices.length)] ?? 'lo';
    return dice.one(WORDS)(`ip -n ${place.netns}`, dev, place.netns);
  });
}

type Word = (ip: string, dev: string, netns: string) => string;

const WORDS: readonly [Word, ...Word[]] = [
  (ip, dev) => `${ip} link set dev ${dev} address aa:bb:cc:dd:ee:01`,
  (ip, dev) => `${ip} link set dev ${dev} txqueuelen 500`,
  (ip, dev) => `${ip} link set dev ${dev} arp off`,
  (ip, dev) => `${ip} link set dev ${dev} alias somebody`,
  (ip, dev) => `${ip} route add 10.67.0.0/16 dev ${dev} metric 5`,
  (ip, dev) => `${ip} route add 10.68.1.1 dev ${dev} && ${ip} route add 10.69.0.0/16 via 10.68.1.1 dev ${dev}`,
  (ip, dev) => `${ip} route add 10.70.0.0/16 nexthop dev ${dev} weight 3 nexthop dev lo`,
  (ip, dev) => `${ip} route add default dev ${dev} table 77`,
  (ip) => `${ip} link add dmy0 type dummy && ${ip} addr add 10.59.1.1/24 dev dmy0 && ${ip} link set dmy0 up`,
  (ip) =>
    `${ip} link add br9 type bridge hello_time 100 && ${ip} addr add 10.58.8.1/32 dev br9 && ${ip} link set br9 up`,
  (ip, dev) => `${ip} link add link ${dev} name vl.10 type vlan id 10`,
  (ip, dev) => `${ip} neigh add proxy 10.10.0.77 dev ${dev}`,
  (ip, dev) => `${ip} neigh add 10.10.0.78 lladdr 02:00:00:00:00:78 dev ${dev}`,
  (ip) => `${ip} addr add 10.99.9.9/32 dev lo`,
  (ip) => `${ip} rule add fwmark 5 table 55 pref 500`,
  (ip) => `${ip} rule add from 10.77.0.0/16 table 56`,
  (ip) => `${ip} rule add not fwmark 51820 table 51820 && ${ip} rule add table main suppress_prefixlength 0`,
  (ip) => `${ip} rule add ipproto tcp dport 80 table 100 pref 100`,
  (ip, dev) => `${ip} route add 10.71.0.0/16 dev ${dev} advmss 1000 initcwnd 20`,
  (ip, dev) => `${ip} route add 10.72.0.0/16 dev ${dev} tos 0x10`,
  (ip) => `${ip} route add throw 10.23.0.0/16 table 100`,
  (ip, dev) => `${ip} addr add 10.66.6.1 peer 10.66.6.2 dev ${dev} && ${ip} route add 10.73.0.0/16 via 10.66.6.2`,
  (ip, dev) => `${ip} addr add 10.66.7.1/24 dev ${dev} valid_lft 1000 preferred_lft 1000`,
  (ip, dev) => `${ip} addr add 169.254.8.8/16 dev ${dev}`,
  (_, dev, netns) => `ip netns exec ${netns} sysctl -qw net/ipv4/conf/${dev}/rp_filter=1`,
  (_, dev, netns) => `ip netns exec ${netns} tc qdisc add dev ${dev} root tbf rate 1mbit burst 32kbit latency 400ms`,
  (_, __, netns) => `mkdir -p /etc/netns/${netns} && echo nameserver 192.0.2.1 >/etc/netns/${netns}/resolv.conf`,
  (_, __, netns) => `ip netns exec ${netns} iptables -A FORWARD -s 10.66.0.0/16 -j DROP`,
  (_, __, netns) => `ip netns exec ${netns} iptables -t nat -A POSTROUTING -s 10.66.0.0/16 -j MASQUERADE`,
  () => 'ip link add br8 type bridge && ip addr add 10.57.0.1/24 dev br8 && ip link set br8 up',
  () => 'ip addr add 10.98.9.9/32 dev lo',
  () => `${firstPort} type bridge_slave isolated on cost 55`,
  () => `${firstPort} type bridge_slave learning off fastleave on hairpin on mcast_router 2`,
];

/** Of a bridge of the machine. */
const firstPort = `ip link set "$(bridge link | sed -n '1s/^[0-9]*: \\([^@:]*\\).*/\\1/p')"`;

const record = (value: unknown): { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const placesOf = (topology: { readonly [key: string]: unknown }): readonly Place[] =>
  Object.entries(record(topology['namespaces'])).map(([netns, value]) => ({
    netns,
    devices: Object.keys(record(record(value)['interfaces'])).filter((name) => name !== 'lo'),
  }));
