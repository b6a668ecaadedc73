import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executorOf } from '../../src/kernel/execute/instruction-executor.ts';
import { deleteGroupMessage, deleteLinkMessage, setGroupMessage } from '../../src/kernel/netlink/links/delete-link.ts';
import { encodeMessage, type NetlinkMessage } from '../../src/kernel/netlink/message.ts';
import { probeQueueMessage } from '../../src/kernel/netlink/queues/qdisc.ts';
import type { NetnsSession, NetnsSessions } from '../../src/kernel/netns/sessions.ts';
import type { AddLink, Instruction, LinkSettings, RouteValue, RuleValue } from '../../src/model/instruction.ts';
import { type Impairment, NO_IMPAIRMENT } from '../../src/model/kernel/impairment.ts';
import { instructionFamilies } from '../../src/registry/instructions.ts';
import { type NetlinkTree, type NetlinkTreeAttributes, netlinkTree } from '../support/netlink-tree.ts';

/** What ip and tc said, by the name of a vector: record.mjs. */
const recorded: readonly { readonly name: string; readonly command: string; readonly hex: string }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'requests.json'), 'utf8'),
);

/** The machine of record.mjs. */
const INDEXES: { readonly [link: string]: number } = { lo: 1, lan: 2, eth0: 3, far: 4, vx1: 5, k1: 77 };
const session: NetnsSession = {
  ...{
    netns: 'host',
    fd: 3,
    socket: -1,
    dumpedLinks: () => [],
    forgetIndexes: () => {},
    forgetLinks: () => {},
    onClose: () => {},
    close: () => {},
  },
  linkIndex: (link) => INDEXES[link] ?? 0,
};
/** The descriptor that ip had for the namespace red. */
const red: NetnsSession = { ...session, netns: 'red', fd: 4 };
const sessions: Pick<NetnsSessions, 'open'> = { open: () => red };

const encoded = (instruction: Instruction): readonly NetlinkMessage[] =>
  executorOf(instructionFamilies, instruction).netlink?.encode(instruction, {
    session,
    sessions: sessions as NetnsSessions,
  }) ?? [];

const place = { mac: '02:4e:46:00:00:01', mtu: 1400, group: 20038 };
const link = (more: Pick<AddLink, 'name' | 'kind'> & Partial<AddLink>) =>
  encoded({ do: 'link.add', netns: 'host', ...place, master: null, lower: null, options: {}, peer: null, ...more });
const set = (name: string, settings: LinkSettings) => encoded({ do: 'link.set', netns: 'host', name, set: settings });
const peer = (netns: string) => ({ netns, name: 'e1', ...place });
const bridge = { stp: true, ageing: 600, forwardDelay: 2, priority: 4096, multicastSnooping: false };

const plainRoute = { type: 'unicast', hops: [], src: null, metric: 0, table: 254, mtu: null } as const;
const via = (gateway: string | null, weight = 1) => ({ via: gateway, dev: 'eth0', weight, onlink: false });
const route = (to: string, more: Partial<RouteValue>, verb: 'add' | 'replace' | 'delete' = 'add') =>
  encoded({ do: `route.${verb}`, netns: 'host', route: { ...plainRoute, to, ...more } });

const plainRule = { family: 4, from: null, to: null, iif: null, oif: null, mark: null, action: 'lookup' } as const;
const rule = (more: Pick<RuleValue, 'table' | 'priority'> & Partial<RuleValue>, verb: 'add' | 'delete' = 'add') =>
  encoded({ do: `rule.${verb}`, netns: 'host', rule: { ...plainRule, ...more } });

const address = (dev: string, prefix: string, verb: 'add' | 'delete' = 'add') =>
  encoded(
    verb === 'add'
      ? { do: 'address.add', netns: 'host', dev, prefix, protocol: null }
      : { do: 'address.delete', netns: 'host', dev, prefix },
  );
const neighbour = (to: string) =>
  encoded({ do: 'neighbour.set', netns: 'host', dev: 'eth0', to, mac: '02:00:00:00:00:99' });

const forwarding = (verb: 'fdb.append' | 'fdb.delete', to: string, by: string | null = null) =>
  encoded({ do: verb, netns: 'host', dev: 'vx1', mac: '00:00:00:00:00:00', to, via: by });

const bridgeEntry = (
  verb: 'fdb.replace' | 'fdb.remove',
  mac: string,
  more: { readonly dev?: string; readonly vlan?: number; readonly self?: boolean },
) => encoded({ do: verb, netns: 'host', dev: 'far', mac, vlan: null, self: false, ...more });
const portVlans = (
  verb: 'add' | 'delete',
  vlans: readonly [number, number],
  more: { readonly dev?: string; readonly untagged?: boolean; readonly self?: boolean },
) => encoded({ do: `bridge-vlan.${verb}`, netns: 'host', dev: 'far', vlans, untagged: false, self: false, ...more });

/** What netform says in another way than ip, with the reason. */
type Difference = (ip: NetlinkTree) => NetlinkTree;
const same: Difference = (ip) => ip;
const attributes =
  (change: (ip: NetlinkTreeAttributes) => NetlinkTreeAttributes): Difference =>
  (ip) => ({ ...ip, attributes: change(ip.attributes) });
const hex = (text: string): string => Buffer.from(text).toString('hex');
/** `ip` looks the index up first; netform names the link (IFLA_IFNAME), and changes what exists with RTM_SETLINK. */
const byName =
  (name: string, type: number): Difference =>
  (ip) => ({
    ...ip,
    type,
    header: `${ip.header.slice(0, 8)}00000000${ip.header.slice(16)}`,
    attributes: { ...ip.attributes, 3: hex(name) },
  });
/** `ip` leaves RTA_TABLE and FRA_TABLE out where the header has room for the number. */
const withTable = (table: number): Difference => attributes((ip) => ({ ...ip, 15: u32(table) }));
const u32 = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('hex');
};
/** `ip` says IFLA_VXLAN_LEARNING 1, which is what the kernel has anyhow. */
const withoutLearning: Difference = attributes((ip) => {
  const { 1: kind = '', 2: data = {} } = Object(ip[18]);
  const { 7: _learning, ...rest } = Object(data);
  return { ...ip, 18: { 1: kind, 2: rest } };
});
/** `ip` adds with NLM_F_EXCL, which takes a rule with further selectors for the same; netform without. */
const withoutExcl: Difference = (ip) => ({ ...ip, flags: ip.flags & ~0x200 });
const without = (type: number): Difference =>
  attributes((ip) => Object.fromEntries(Object.entries(ip).filter(([one]) => one !== String(type))));
const queue = (kind: 'netem' | 'tbf', values: Partial<Impairment>) =>
  encoded({
    do: 'queue.set',
    netns: 'host',
    dev: 'eth0',
    kind,
    handle: '4e46:',
    impairment: { ...NO_IMPAIRMENT, ...values },
  });
/** `tc` sends a table of times by sizes (TCA_TBF_RTAB), which kernels compute themselves since 3.8. */
const withoutRateTable: Difference = attributes((ip) => {
  const options = String(ip[2]);
  const at = options.indexOf('04040200');
  return { ...ip, 2: options.slice(0, at) + options.slice(at + 2 * 0x404) };
});
/** The time that a burst takes: `tc` reckons with the largest rate of 32 bits. The bytes (TCA_TBF_BURST) are what counts. */
const ofBurst: Difference = attributes((ip) => ({ ...ip, 2: String(ip[2]).replace('82c60200', '5a620200') }));
const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_SETLINK = 19;

const grouped = (group: string) =>
  link({
    name: 'vx2',
    kind: 'vxlan',
    options: { id: 42, remote: null, group, local: null, dev: 'eth0', port: 4789 },
    lower: { netns: 'host', name: 'eth0' },
  });

const moved = encoded({ do: 'link.move', netns: 'host', name: 'k1', to: { netns: 'red', name: 'x1' } });

const vectors: { readonly [name: string]: readonly [readonly NetlinkMessage[], Difference] } = {
  'a bridge with all options': [link({ name: 'br0', kind: 'bridge', options: bridge }), same],
  'a cable to another namespace': [link({ name: 'e0', kind: 'veth', peer: peer('red') }), same],
  'a cable from a port of a bridge': [link({ name: 'e0', kind: 'veth', master: 'lan', peer: peer('host') }), same],
  'a vxlan over IPv4': [
    link({
      name: 'vx0',
      kind: 'vxlan',
      options: { id: 42, remote: '10.0.0.2', local: '10.0.0.1', dev: 'eth0', port: 4789 },
      lower: { netns: 'host', name: 'eth0' },
    }),
    withoutLearning,
  ],
  'a vxlan over IPv6': [
    link({
      name: 'vx0',
      kind: 'vxlan',
      options: { id: 16777215, remote: 'fd00::2', local: null, dev: null, port: 8472 },
    }),
    withoutLearning,
  ],
  'a vxlan in a multicast group': [grouped('239.1.1.42'), withoutLearning],
  'a vxlan in a multicast group of IPv6': [grouped('ff05::42'), withoutLearning],
  'a macvlan': [
    link({
      name: 'mv0',
      kind: 'macvlan',
      lower: { netns: 'host', name: 'eth0' },
      options: { parent: 'eth0', mode: 'private' },
    }),
    same,
  ],
  'a macvtap': [
    link({
      name: 'mt0',
      kind: 'macvtap',
      lower: { netns: 'host', name: 'eth0' },
      options: { parent: 'eth0', mode: 'passthru' },
    }),
    same,
  ],
  'an ipvlan': [
    link({
      name: 'iv0',
      kind: 'ipvlan',
      mac: '',
      lower: { netns: 'host', name: 'eth0' },
      options: { parent: 'eth0', mode: 'l3s', flag: 'private' },
    }),
    same,
  ],
  'a dummy': [link({ name: 'd0', kind: 'dummy' }), same],
  'an alias, and up': [set('eth0', { alias: 'netform:v1:lab:0a1b2c3d', up: true }), byName('eth0', RTM_SETLINK)],
  down: [set('eth0', { up: false }), byName('eth0', RTM_SETLINK)],
  'a link moved into a namespace': [moved, same],
  'an MTU and a MAC': [set('eth0', { mtu: 1300, mac: '02:4e:46:00:00:02' }), byName('eth0', RTM_SETLINK)],
  'a group': [[setGroupMessage(3, 20038)], (ip) => ({ ...ip, type: RTM_SETLINK })],
  'a master': [set('eth0', { master: 'lan' }), byName('eth0', RTM_SETLINK)],
  'no master': [set('eth0', { master: null }), byName('eth0', RTM_SETLINK)],
  'options of a bridge': [
    set('lan', { options: { kind: 'bridge', values: { ageing: 300, multicastSnooping: false } } }),
    byName('lan', RTM_NEWLINK),
  ],
  // `ip` names the kind bridge_slave; the kernel has a kind of the master for it (IFLA_INFO_SLAVE_KIND).
  hairpin: [
    set('far', { hairpin: true }),
    (ip) => ({
      ...byName('far', RTM_NEWLINK)(ip),
      attributes: { 3: hex('far'), 18: { 4: hex('bridge'), 5: { 4: '01' } } },
    }),
  ],
  'a link deleted': [[deleteLinkMessage('tmp0')], byName('tmp0', RTM_DELLINK)],
  'a group deleted': [[deleteGroupMessage(20038)], same],
  'an IPv4 address': [address('eth0', '10.0.0.9/24'), same],
  'a loopback address': [address('lo', '127.0.0.9/8'), same],
  // `ip` puts IFA_F_NODAD into the header's byte; netform into IFA_FLAGS.
  'an IPv6 address': [
    address('eth0', 'fd00::9/64'),
    (ip) => ({ ...ip, header: ip.header.replace(/^0a4002/, '0a4000'), attributes: { ...ip.attributes, 8: u32(2) } }),
  ],
  'a point-to-point address': [
    encoded({ do: 'address.add', netns: 'host', dev: 'eth0', prefix: '10.0.9.1/32', peer: '10.0.9.2', protocol: null }),
    same,
  ],
  'an IPv4 address deleted': [address('eth0', '10.0.0.9/24', 'delete'), same],
  'an IPv6 address deleted': [address('eth0', 'fd00::9/64', 'delete'), same],
  'a default route': [route('0.0.0.0/0', { hops: [via('10.0.0.2')] }), withTable(254)],
  'a route on a link': [route('10.7.0.0/16', { hops: [via(null)] }), withTable(254)],
  'a route with everything': [
    route('10.8.0.0/16', { table: 1000, metric: 50, src: '10.0.0.1', mtu: 1280, hops: [via('10.0.0.2')] }),
    same,
  ],
  'a route onlink': [route('10.6.0.0/16', { hops: [{ ...via('10.250.0.1'), onlink: true }] }), withTable(254)],
  'a route by two hops': [
    route('10.9.0.0/16', { metric: 50, hops: [via('10.0.0.2'), via('10.0.0.3', 20)] }),
    withTable(254),
  ],
  'a route of IPv4 by IPv6': [route('10.5.0.0/16', { hops: [via('fd00::2')] }), withTable(254)],
  'a route with every word of TCP': [
    route('10.10.0.0/16', {
      ...{ mtu: 1300, window: 65535, rtt: 20, advmss: 1200, initcwnd: 20, rtoMin: 200, initrwnd: 30, quickack: true },
      ...{ lock: ['mtu', 'rto_min'], hops: [via('10.0.0.2')] },
    }),
    withTable(254),
  ],
  'a route for a TOS': [
    route('10.11.0.0/16', { tos: 16, realms: '3/5', scope: 'site', hops: [via('10.0.0.2')] }),
    withTable(254),
  ],
  // `ip` leaves what it had before in the padding of RTA_VIA.
  'a route by two links': [
    route('10.12.0.0/16', { hops: [via(null, 3), via('fd00::2')] }),
    (ip) => attributes((all) => ({ ...all, 9: String(all[9]).replace(/....$/, '0000') }))(withTable(254)(ip)),
  ],
  'what is local': [
    route('10.13.0.0/16', { type: 'local', table: 100, hops: [{ ...via(null), dev: 'lo' }] }),
    withTable(100),
  ],
  'a throw': [route('10.14.0.0/16', { type: 'throw', table: 100 }), withTable(100)],
  'a preferred router': [route('fd00:16::/64', { metric: 1024, pref: 'high', hops: [via('fd00::2')] }), withTable(254)],
  'an IPv6 route': [route('fd00:9::/64', { metric: 1024, hops: [via('fd00::2')] }), withTable(254)],
  'a blackhole': [route('172.16.42.42/32', { type: 'blackhole' }), withTable(254)],
  'an unreachable IPv6 network': [route('fd00:66::/64', { type: 'unreachable', metric: 1024 }), withTable(254)],
  'a route replaced': [route('10.7.0.0/16', { hops: [via('10.0.0.2')] }, 'replace'), withTable(254)],
  // `ip` leaves the scope open (RT_SCOPE_NOWHERE) and the type, where netform says both, so that nothing else is meant.
  'a route deleted': [
    route('10.7.0.0/16', { hops: [via('10.0.0.2')] }, 'delete'),
    (ip) => ({ ...withTable(254)(ip), header: ip.header.replace('4eff00', '4e0001') }),
  ],
  'a rule for a source': [
    rule({ from: '10.1.0.0/16', table: 100, priority: 1000 }),
    (ip) => withoutExcl(withTable(100)(ip)),
  ],
  'a rule with everything': [
    rule({
      ...{ from: '10.2.0.0/16', to: '10.3.0.0/16', iif: 'eth0', oif: 'far', table: 1000, priority: 1001 },
      mark: { value: 16, mask: 255 },
    }),
    withoutExcl,
  ],
  'a rule by ports and users': [
    rule({
      ...{ not: true, ipproto: 6, sport: { first: 80, last: 90 }, dport: { first: 443, last: 443 } },
      ...{ uidrange: { first: 1000, last: 1999 }, table: 100, priority: 1003 },
    }),
    (ip) => withoutExcl(withTable(100)(ip)),
  ],
  'a rule that prohibits': [
    rule({ family: 6, to: 'fd00:66::/64', action: 'prohibit', table: 0, priority: 1002 }),
    withoutExcl,
  ],
  // Without FR_ACT_TO_TBL any action would be meant.
  'a rule deleted': [
    rule({ from: '10.1.0.0/16', table: 100, priority: 1000 }, 'delete'),
    (ip) => ({ ...withTable(100)(ip), header: '020010006400000100000000' }),
  ],
  'a neighbour': [neighbour('10.0.0.99'), same],
  'an IPv6 neighbour': [neighbour('fd00::99'), same],
  'a neighbour deleted': [encoded({ do: 'neighbour.delete', netns: 'host', dev: 'eth0', to: '10.0.0.99' }), same],
  'a proxy neighbour deleted': [
    encoded({ do: 'neighbour.delete', netns: 'host', dev: 'eth0', to: '10.0.0.99', proxy: true }),
    same,
  ],
  'a remote of a vxlan': [forwarding('fdb.append', '10.0.0.3'), same],
  'a remote of a vxlan by a link': [forwarding('fdb.append', '10.0.0.4', 'eth0'), same],
  'a remote of a vxlan deleted': [forwarding('fdb.delete', '10.0.0.3'), same],
  'a static entry of a bridge': [bridgeEntry('fdb.replace', '02:00:00:00:00:99', {}), same],
  'a static entry of a VLAN': [bridgeEntry('fdb.replace', '02:00:00:00:00:98', { vlan: 10 }), same],
  'a static entry deleted': [bridgeEntry('fdb.remove', '02:00:00:00:00:99', {}), same],
  'an entry of the bridge itself': [bridgeEntry('fdb.replace', '02:00:00:00:00:97', { dev: 'lan', self: true }), same],
  'settings of a port': [
    set('far', {
      port: { priority: 16, cost: 50, guard: true, learning: false, flood: false, isolated: true, locked: true },
    }),
    (ip) => ({
      ...byName('far', RTM_NEWLINK)(ip),
      attributes: {
        3: hex('far'),
        18: {
          4: hex('bridge'),
          5: { 2: '1000', 3: u32(50), 5: '01', 8: '00', 9: '00', 33: '01', 39: '01' },
        },
      },
    }),
  ],
  'a VLAN of a port': [portVlans('add', [10, 10], {}), same],
  'a VLAN without a tag': [portVlans('add', [10, 10], { untagged: true }), same],
  'a range of VLANs': [portVlans('add', [20, 29], {}), same],
  'a VLAN of the bridge itself': [portVlans('add', [10, 10], { dev: 'lan', self: true }), same],
  'a range of VLANs deleted': [portVlans('delete', [20, 29], {}), same],
  // netform asks only whether there is one: options would not be looked at.
  'a queue of netem': [[probeQueueMessage(INDEXES['eth0'] ?? 0, 'netem')], without(2)],
  'a queue that impairs': [
    queue('netem', {
      delay: 20_000,
      jitter: 2000,
      loss: 10_000,
      duplicate: 1000,
      corrupt: 1000,
      reorder: 10_000,
      rate: 10_000_000,
    }),
    same,
  ],
  'a queue of a large rate': [queue('netem', { rate: 40_000_000_000 }), same],
  'a queue of tbf': [queue('tbf', { rate: 20_000_000 }), withoutRateTable],
  'a queue of tbf of a large rate': [queue('tbf', { rate: 40_000_000_000 }), (ip) => ofBurst(withoutRateTable(ip))],
  'a queue deleted': [encoded({ do: 'queue.delete', netns: 'host', dev: 'eth0', handle: '4e46:' }), same],
};

test('has a vector for every recorded request', () => {
  expect(Object.keys(vectors)).toEqual(recorded.map(({ name }) => name));
});

test.each(recorded.map(({ name, hex: bytes }) => [name, bytes] as const))('encodes %s as ip does', (name, bytes) => {
  const [messages, difference] = vectors[name] ?? [[], same];
  const ours = messages.map((message) => netlinkTree(encodeMessage(message, 1, 0)));
  expect(ours).toEqual([difference(netlinkTree(Buffer.from(bytes, 'hex')))]);
});
