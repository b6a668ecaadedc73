import { describe, expect, test } from 'vitest';
import type { LabLink } from '../../../src/model/lab.ts';
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
});
