import { describe, expect, test } from 'vitest';
import type { LabLink } from '../../../src/model/lab.ts';
import { compileLab } from '../../../src/registry/kinds.ts';
import { addressesIn, labOf, said } from './resolve-lab.ts';

/** Two nodes on a LAN; `one` and `other` say what their vx0 is. */
const nodes = (one: string, other: string, more = ''): ReturnType<typeof labOf> =>
  labOf(`
bridges: { underlay: { subnet: [192.168.1.0/24, "fd00:1::/64"], gateway: none${more} } }
namespaces:
  n1:
    forwarding: true
    interfaces: { vx0: ${one}, eth0: { bridge: underlay, address: [192.168.1.1, "fd00:1::1"] } }
    bridges: { br0: { subnet: 10.42.0.0/24, address: 10.42.0.101 } }
  n2:
    interfaces: { eth0: { bridge: underlay, address: [192.168.1.2, "fd00:1::2"] }, vx0: ${other} }
    bridges: { br0: {} }
  pod1: { interfaces: { eth0: { bridge: "n1:br0" } } }
  pod2: { interfaces: { eth0: { bridge: "n2:br0" } } }
`);

/** A link with its options beside the rest. */
const flat = ({ options, ...link }: LabLink) => ({ ...link, ...options });

const port = (remote: string, more = ''): string => `{ bridge: br0, vxlan: { id: 42, remote: ${remote}${more} } }`;

describe('a vxlan', () => {
  test('sends to the address below the overlay that its remote’s name stands for, by the link that leads there', () => {
    const lab = nodes('{ address: 10.43.0.1/24, vxlan: { id: 42, remote: n2 } }', port('n1'));
    expect(said(lab)).toEqual([]);
    expect(lab.links.map(flat)).toMatchObject([
      { netns: 'n1', remote: '192.168.1.2', dev: 'eth0', local: null, port: 4789, mtu: 1450, master: null },
      { netns: 'n2', remote: '192.168.1.1', dev: 'eth0', mtu: 1450, master: 'br0' },
    ]);
    const six = nodes(port('n2', ', local: "fd00:1::1"'), port('n1', ', local: "fd00:1::2", dev: none'));
    expect(six.links.map(flat)).toMatchObject([
      { remote: 'fd00:1::2', local: 'fd00:1::1', dev: 'eth0', mtu: 1430 },
      { remote: 'fd00:1::1', dev: null, mtu: 1430 },
    ]);
  });

  test('makes one LAN of the bridges at its ends, with one pool and one smaller MTU', () => {
    const lab = nodes(port('n2'), port('192.168.1.1'), ', mtu: 1400');
    expect(said(lab)).toEqual([]);
    expect(addressesIn(lab)).toMatchObject({ 'pod1/eth0': ['10.42.0.1/24'], 'pod2/eth0': ['10.42.0.2/24'] });
    expect(lab.bridges.filter(({ name }) => name === 'br0').map(({ mtu }) => mtu)).toEqual([1350, 1350]);
    const pods = lab.cables.filter(({ ends }) => ends[0].netns.startsWith('pod'));
    expect(pods.flatMap(({ ends }) => ends.map(({ mtu }) => mtu))).toEqual([1350, 1350, 1350, 1350]);
    expect(lab.routes.filter(({ netns }) => netns === 'pod2')).toMatchObject([{ hops: [{ via: '10.42.0.101' }] }]);
  });

  test('of another number or port is on another LAN', () => {
    for (const more of [', port: 8472', '']) {
      const lab = nodes(port('n2'), port('n1', more).replace('42', more === '' ? '43' : '42'));
      expect(addressesIn(lab)['pod2/eth0']).toBeUndefined();
    }
  });

  test('of one group on one LAN is on one overlay with the others in it, whatever `local` they send from', () => {
    const inGroup = (group: string, more = '') =>
      `{ bridge: br0, vxlan: { id: 42, group: ${group}, dev: eth0${more} } }`;
    const lab = nodes(inGroup('239.1.1.42', ', local: 192.168.1.1'), inGroup('239.1.1.42'));
    expect(said(lab)).toEqual([]);
    expect(addressesIn(lab)).toMatchObject({ 'pod1/eth0': ['10.42.0.1/24'], 'pod2/eth0': ['10.42.0.2/24'] });
    expect(lab.links.map(flat)).toMatchObject([
      { remote: null, group: '239.1.1.42', dev: 'eth0', mtu: 1450, tunnel: null },
      { remote: null, group: '239.1.1.42', dev: 'eth0', mtu: 1450 },
    ]);
    const six = nodes(inGroup('"FF05:0::42"'), inGroup('"ff05::43"'));
    expect(six.links.map(flat)).toMatchObject([
      { group: 'ff05::42', mtu: 1430 },
      { group: 'ff05::43', mtu: 1430 },
    ]);
    expect(addressesIn(six)['pod2/eth0'], 'another group is another overlay').toBeUndefined();
    expect(() => nodes(port('n2', ', group: 239.1.1.42'), port('n1'))).toThrow(
      /a vxlan has .{2}remote.{2} or .{2}group.{2}, and not both/,
    );
  });

  test('can stand on a vxlan, and the host can have one', () => {
    const lab = labOf(`
bridges: { lan: { subnet: 192.168.1.0/24, address: 192.168.1.1 } }
host:
  interfaces: { vx0: { vxlan: { id: 1, remote: n1 }, address: 10.1.0.1/24 } }
namespaces:
  n1:
    interfaces:
      eth0: { bridge: lan, address: 192.168.1.2 }
      vx0: { vxlan: { id: 1, remote: host }, address: 10.1.0.2/24 }
      vx1: { vxlan: { id: 2, remote: 10.1.0.1, dev: vx0 }, address: 10.2.0.2/24 }
`);
    expect(lab.links.map(flat)).toMatchObject([
      { netns: 'n1', name: 'vx0', remote: '192.168.1.1', mtu: 1450 },
      { netns: 'n1', name: 'vx1', remote: '10.1.0.1', dev: 'vx0', mtu: 1400 },
      { netns: 'host', remote: '192.168.1.2', dev: 'lan', mtu: 1450 },
    ]);
  });

  test('may come from an address that a NIC of the machine has', () => {
    const hostEnd = (local: string) =>
      labOf(
        `
host: { interfaces: { vx0: { vxlan: { id: 42, remote: 192.0.2.9, local: ${local} }, address: 10.42.0.1/24 } } }
`,
        { 'host/lo': [], 'host/eth0': ['192.0.2.1/24'] },
      );
    expect(said(hostEnd('192.0.2.1'))).toEqual([]);
    expect(hostEnd('192.0.2.1').links.map(flat)).toMatchObject([{ local: '192.0.2.1', dev: 'eth0' }]);
    expect(said(hostEnd('192.0.2.7'))).toEqual(['vxlan-ends: 192.0.2.7 is not an address of host']);
  });
});

/** Three nodes whose overlay ends send to each other. */
const mesh = (remotes: string): ReturnType<typeof labOf> =>
  labOf(`
bridges: { underlay: { subnet: [192.168.1.0/24, "fd00:1::/64"], gateway: none } }
namespaces:
  n1: { interfaces: { eth0: { bridge: underlay, address: [192.168.1.1, "fd00:1::1"] }, vx0: { vxlan: { id: 42, remote: ${remotes} }, address: 10.42.0.1/24 } } }
  n2: { interfaces: { eth0: { bridge: underlay, address: [192.168.1.2, "fd00:1::2"] }, vx0: { vxlan: { id: 42, remote: n1 }, address: 10.42.0.2/24 } } }
  n3: { interfaces: { eth0: { bridge: underlay, address: [192.168.1.3, "fd00:1::3"] }, vx0: { vxlan: { id: 42, remote: n1 }, address: 10.42.0.3/24 } } }
`);

describe('a vxlan with several remotes', () => {
  test('sends to each of them, and all are on one LAN', () => {
    const lab = mesh('[n2, n3]');
    expect(said(lab)).toEqual([]);
    expect(lab.links[0]?.tunnel?.remotes).toEqual(['192.168.1.2', '192.168.1.3']);
    expect(lab.lans.filter(({ subnets }) => subnets.includes('10.42.0.0/24'))).toHaveLength(1);
    expect(mesh('["fd00:1::2", n3]').links[0]?.tunnel?.remotes).toEqual(['fd00:1::2', 'fd00:1::3']);
  });

  test('has each once, of one family, and none that is itself', () => {
    expect(said(mesh('[n2, 192.168.1.2]'))).toEqual(['vxlan-ends: the remote 192.168.1.2 is there twice']);
    expect(said(mesh('[n2, "fd00:1::3"]'))).toEqual([
      'vxlan-ends: cannot mix IPv4 and IPv6: remotes n2 (192.168.1.2), fd00:1::3',
    ]);
    expect(said(mesh('[n2, 192.168.1.1]'))).toEqual(['vxlan-ends: the remote 192.168.1.1 is n1 itself']);
  });

  test('is a link to the first, and an entry of its forwarding table for each of the others', () => {
    const resources = compileLab(mesh('[n2, n3]'));
    expect(resources.find(({ id }) => id === 'vxlan:n1/vx0')?.spec).toMatchObject({ remote: '192.168.1.2' });
    expect(resources.filter(({ kind }) => kind === 'fdb')).toMatchObject([
      {
        id: 'fdb:n1/vx0/192.168.1.3',
        netns: 'n1',
        within: ['vxlan:n1/vx0'],
        spec: { dev: 'vx0', mac: '00:00:00:00:00:00', to: '192.168.1.3', via: 'eth0' },
      },
    ]);
  });
});
