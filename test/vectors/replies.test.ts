import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dumpAddresses } from '../../src/kernel/netlink/address.ts';
import { type ConntrackEntry, conntrackDeletions } from '../../src/kernel/netlink/conntrack.ts';
import { dumpLinks } from '../../src/kernel/netlink/link-dump.ts';
import { dumpNeighbours } from '../../src/kernel/netlink/neighbours/neighbour.ts';
import { readNsid } from '../../src/kernel/netlink/nsid.ts';
import { dumpRoutes } from '../../src/kernel/netlink/route.ts';
import { dumpRules } from '../../src/kernel/netlink/rule.ts';
import { dumpBoundSockets } from '../../src/kernel/netlink/sock-diag.ts';
import { parseNestedAttributes } from '../../src/net/netlink-attributes.ts';
import { linkKinds } from '../../src/registry/kinds.ts';
import { DONE, message, withFakeKernel } from '../support/fake-kernel.ts';

/** What the kernel answered to ip and ss: record.mjs. */
const recorded: readonly { readonly name: string; readonly hex: readonly string[] }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'replies.json'), 'utf8'),
);

/** What `read` makes of a recorded dump. */
function decoded<T>(name: string, read: (socket: number) => readonly T[]): readonly T[] {
  const datagrams = recorded.find((one) => one.name === name)?.hex ?? [];
  return withFakeKernel([[...datagrams, DONE]], ({ socket }) => read(socket));
}

/** The machine of record.mjs. */
const nameOf = (index: number): string => ['', 'lo', 'lan', 'eth0', 'far'][index] ?? `#${index}`;

const links = decoded('links', dumpLinks);

test.each([
  { index: 1, name: 'lo', kind: null, mac: '00:00:00:00:00:00', mtu: 65536, up: true, group: 0, master: null },
  { index: 2, name: 'lan', kind: 'bridge', mac: '02:00:00:00:00:02', mtu: 1500, up: true, group: 0, lower: null },
  { index: 3, name: 'eth0', kind: 'veth', mac: '02:4e:46:00:00:02', mtu: 1300, lower: 4, lowerNsid: null },
  { index: 3, alias: 'netform:v1:lab:0a1b2c3d', master: null, hairpin: null, carrier: true, running: true },
  { index: 4, name: 'far', kind: 'veth', alias: null, master: 2, lower: 3, hairpin: true },
  { name: 'br0', kind: 'bridge', mtu: 1400, up: false, carrier: false, running: false, group: 20038 },
  { name: 'vx0', kind: 'vxlan', mtu: 1250, group: 20038, lower: null },
])('decodes a link: %o', (expected) => {
  expect(links.find(({ index, name }) => index === expected.index || name === expected.name)).toMatchObject(expected);
});

test('lists nothing of links and ports that are as new ones are', () => {
  const beside = links
    .filter(({ name }) => name !== 'lo')
    .map(({ settings, portSettings }) => [settings, portSettings]);
  expect(beside).toEqual(beside.map(() => [[], []]));
});

test('decodes the options of a link by its kind', () => {
  const optionsOf = (name: string) =>
    links.flatMap(({ name: its, kind, info }) => {
      const data = parseNestedAttributes(info ?? undefined);
      const decode = linkKinds.get(kind ?? '')?.netlink.decode;
      return its === name ? [decode?.(data, { lower: null, nameOf, accountOf: (_of, id) => String(id) }).options] : [];
    });
  expect(optionsOf('br0')).toEqual([
    { stp: true, ageing: 600, forwardDelay: 2, priority: 4096, multicastSnooping: false },
  ]);
  expect(optionsOf('vx0')).toEqual([{ id: 42, remote: '10.0.0.2', local: '10.0.0.1', dev: 'eth0', port: 4789 }]);
});

test('decodes addresses', () => {
  const plain = { protocol: null, scope: 'global', tentative: false, dadFailed: false };
  const addresses = decoded('addresses', (socket) => dumpAddresses(socket, nameOf));
  expect(addresses.filter(({ prefix }) => !prefix.startsWith('fe80:'))).toEqual([
    { ...plain, dev: 'lo', prefix: '127.0.0.1/8', scope: 'host', label: 'lo' },
    { ...plain, dev: 'lo', prefix: '127.0.0.9/8', scope: 'host', label: 'lo' },
    { ...plain, dev: 'eth0', prefix: '10.0.0.1/24', label: 'eth0' },
    // IFAPROT_KERNEL_LO
    { ...plain, dev: 'lo', prefix: '::1/128', scope: 'host', protocol: 1 },
    { ...plain, dev: 'eth0', prefix: 'fd00::1/64' },
  ]);
  expect(addresses.find(({ dev, prefix }) => dev === 'lan' && prefix.startsWith('fe80:'))?.scope).toBe('link');
});

test('decodes the routes of all tables but local', () => {
  const via = (gateway: string | null, more = {}) => [{ via: gateway, dev: 'eth0', weight: 1, onlink: false, ...more }];
  const plain = { type: 'unicast', src: null, metric: 0, table: 254, mtu: null, protocol: 78 };
  const routes = decoded('routes', (socket) => dumpRoutes(socket, nameOf));
  const ours = [
    {
      ...{ ...plain, to: '10.8.0.0/16', hops: via('10.0.0.2') },
      ...{ src: '10.0.0.1', metric: 50, table: 1000, mtu: 1280 },
    },
    { ...plain, to: '0.0.0.0/0', hops: via('10.0.0.2') },
    { ...plain, to: '10.5.0.0/16', hops: via('fd00::2') },
    { ...plain, to: '10.6.0.0/16', hops: via('10.250.0.1', { onlink: true }) },
    { ...plain, to: '10.9.0.0/16', hops: [...via('10.0.0.2'), ...via('10.0.0.3', { weight: 20 })], metric: 50 },
    { ...plain, to: '172.16.42.42/32', type: 'blackhole', hops: [] },
    { ...plain, to: 'fd00:9::/64', hops: via('fd00::2'), metric: 1024 },
    { ...plain, to: 'fd00:66::/64', type: 'unreachable', hops: [], metric: 1024 },
  ];
  expect(routes.filter(({ protocol }) => protocol === 78)).toEqual(ours);
  const kernel = { ...plain, protocol: 2, hops: via(null) };
  expect(routes).toContainEqual({ ...kernel, to: '10.0.0.0/24', src: '10.0.0.1' });
  expect(routes).toContainEqual({ ...kernel, to: 'fd00::/64', metric: 256 });
  expect(routes.map(({ table }) => table)).not.toContain(255);
});

test('decodes the rules of both families', () => {
  const plain = { from: null, to: null, iif: null, oif: null, mark: null, action: 'lookup' };
  const own = { ...plain, protocol: 2 };
  expect(decoded('rules', dumpRules)).toEqual([
    { ...own, family: 4, table: 255, priority: 0 },
    { ...plain, family: 4, protocol: 78, from: '10.1.0.0/16', table: 100, priority: 1000 },
    {
      ...{ ...plain, family: 4, protocol: 78, from: '10.2.0.0/16', to: '10.3.0.0/16', iif: 'eth0', oif: 'far' },
      ...{ mark: { value: 16, mask: 255 }, table: 1000, priority: 1001 },
    },
    { ...own, family: 4, table: 254, priority: 32766 },
    { ...own, family: 4, table: 253, priority: 32767 },
  ]);
  expect(decoded('rules of IPv6', dumpRules)).toEqual([
    { ...own, family: 6, table: 255, priority: 0 },
    { ...plain, family: 6, protocol: 78, to: 'fd00:66::/64', action: 'prohibit', table: 0, priority: 1002 },
    { ...own, family: 6, table: 254, priority: 32766 },
  ]);
});

test('decodes neighbours, without those of multicast', () => {
  expect(decoded('neighbours', (socket) => dumpNeighbours(socket, nameOf))).toEqual([
    { dev: 'eth0', to: 'fd00::99', mac: '02:00:00:00:00:99', permanent: true, protocol: 78 },
  ]);
});

test('decodes listening sockets', () => {
  expect(decoded('listening sockets of TCP', (socket) => dumpBoundSockets(socket, 'tcp', 4))).toEqual([
    { address: '127.0.0.1', port: 8080, inode: 4234308 },
  ]);
});

/** struct nlattr (linux/netlink.h) of a type with a payload in hex. */
function attribute(type: number, ...payload: readonly string[]): string {
  const head = Buffer.alloc(4);
  const length = payload.join('').length / 2;
  head.writeUInt16LE(4 + length, 0);
  head.writeUInt16LE(type, 2);
  return head.toString('hex') + payload.join('') + '00'.repeat(-length & 3);
}

test('asks for the number of a namespace, and decodes it', () => {
  // RTM_NEWNSID with struct rtgenmsg and NETNSA_NSID (linux/net_namespace.h); the request has NETNSA_FD.
  const answer = message(88, `00000000${attribute(1, '07000000')}`);
  withFakeKernel([[answer]], ({ socket, asked }) => {
    expect(readNsid(socket, 5)).toBe(7);
    expect(asked().map((hex) => [hex.slice(8, 12), hex.slice(32)])).toEqual([
      ['5a00', `00000000${attribute(3, '05000000')}`],
    ]);
  });
});

test('decodes a tracked connection, and deletes it by its tuple and its number', () => {
  // linux/netfilter/nfnetlink_conntrack.h, numbers in network byte order: enum ctattr_type, ctattr_tuple, ctattr_ip.
  const tuple = (from: string, to: string, ports: readonly [string, string]) => [
    attribute(1, attribute(1, from), attribute(2, to)),
    attribute(2, attribute(1, '06'), attribute(2, ports[0]), attribute(3, ports[1])),
  ];
  const original = tuple('0a000002', 'cb007101', ['9c40', '0050']);
  const reply = tuple('0a000003', '0a000002', ['1f90', '9c40']);
  // IPS_DST_NAT (linux/netfilter/nf_conntrack_common.h)
  const entry = `02000000${[
    attribute(1, ...original),
    attribute(2, ...reply),
    attribute(3, '00000020'),
    attribute(12, '12345678'),
  ].join('')}`;
  const [GET, STATS] = [(1 << 8) | 0, (1 << 8) | 5];
  const answers = [[message(STATS, `00000000${attribute(1, '00000001')}`)], [message(GET, entry, 2), DONE]];
  const seen: ConntrackEntry[] = [];
  const deletions = withFakeKernel(answers, ({ socket }) =>
    conntrackDeletions(socket, (connection) => {
      seen.push(connection);
      expect(connection).toMatchObject({ family: 4 });
      expect(connection.original()).toEqual({
        ...{ protocol: 6, source: Buffer.from([10, 0, 0, 2]), destination: Buffer.from([203, 0, 113, 1]) },
        ...{ sourcePort: 40000, destinationPort: 80 },
      });
      expect(connection.reply()).toMatchObject({ sourcePort: 8080, destinationPort: 40000 });
      expect([connection.isSourceTranslated(), connection.isDestinationTranslated()]).toEqual([false, true]);
      return true;
    }),
  );
  expect(seen).toHaveLength(1);
  const nested = attribute(1, ...original).replace(/^(....)0100/, '$10180');
  expect(deletions.map(({ type, header, attributes }) => [type, header.toString('hex'), hexOf(attributes)])).toEqual([
    [(1 << 8) | 2, '02000000', nested + attribute(12, '12345678')],
  ]);
});

const hexOf = (attributes: readonly Buffer[]): string => Buffer.concat(attributes).toString('hex');
