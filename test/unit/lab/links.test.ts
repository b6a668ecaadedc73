import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bridgePortNames } from '../../../src/net/bridge-port-names.ts';
import { labOf, said } from './resolve-lab.ts';

const endsOf = (lab: ReturnType<typeof labOf>) =>
  lab.cables.map(({ ends }) =>
    ends.map(({ netns, name, master }) => `${netns}/${name}${master ? `@${master}` : ''}`).join(' '),
  );

describe('links', () => {
  test('an interface on a bridge is a pair, its port named after the interface or the namespace', () => {
    const lab = labOf(`
bridges: { sw: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { veth-red: { bridge: sw } } }
  web-1: { interfaces: { veth-web-1: { bridge: sw }, eth0: { bridge: sw } } }
  a-very-long-namespace: { interfaces: { eth0: { bridge: sw } } }
`);
    expect(endsOf(lab).slice(0, 3)).toEqual([
      'red/veth-red host/veth-red-br@sw',
      'web-1/veth-web-1 host/veth-web-1-br@sw',
      'web-1/eth0 host/web-1-eth0@sw',
    ]);
    const port = lab.cables[3]?.ends[1];
    expect(port?.label).toBe('a-very-long-namespace-eth0');
    expect(port?.name).toMatch(/^a-very-l-[0-9a-f]{6}$/);
  });

  test('what the kernel takes as a port of a bond, of a VRF and of a bridge, and what not', () => {
    const lab = labOf(`
namespaces:
  a:
    bridges: { lan: 10.1.0.0/24, sw: {} }
    interfaces:
      bond0: { bond: { ports: [lan, gre9, ipv, gt] } }
      red: { vrf: { table: 10, ports: [lan, gre9, blue] } }
      blue: { vrf: { table: 20 } }
      green: { vrf: { table: 30 }, bridge: sw }
      tun9: { tun: , bridge: sw }
      gt: { gretap: { remote: 192.0.2.2 } }
      gre9: { gre: { remote: 192.0.2.1 } }
      ipv: { ipvlan: { parent: dum } }
      dum: { dummy: }
host:
  interfaces:
    nic1: { existing: true }
    nic2: { existing: true }
    uplink: { bond: { ports: nic1 } }
    far: { vrf: { table: 40, ports: nic2 } }
`);
    expect(said(lab).filter((line) => line.startsWith('bad-value'))).toEqual([
      'bad-value: a:green is a vrf, which cannot be a port of a bridge',
      'bad-value: a:tun9 is a tun without a MAC, which cannot be a port of a bridge',
      'bad-value: lan is a bridge, and a bond would take its frames',
      'bad-value: gre9 is a gre tunnel without a MAC, which cannot be a port of a bond',
      'bad-value: ipv is an ipvlan, which cannot be a port of a bond',
      'bad-value: blue is a vrf, which cannot be a port of a vrf',
    ]);
    expect(lab.bridges.find(({ name }) => name === 'lan')?.l3master).toBe('red');
    expect(lab.existing.map(({ name, master }) => [name, master])).toEqual([
      ['nic1', 'uplink'],
      ['nic2', 'far'],
    ]);
  });

  test('where two port names meet, both take the second form; a name that the user gave stays', () => {
    const lab = labOf(`
bridges: { sw: {} }
namespaces:
  red: { interfaces: { red-blue: { bridge: sw }, veth-red: { bridge: sw } } }
  blue: { interfaces: { red-blue: { bridge: sw } } }
links: ["host:veth-red-br -- red:eth9"]
`);
    expect(endsOf(lab)).toEqual([
      'red/red-blue host/red-red-blue@sw',
      'red/veth-red host/red-veth-red@sw',
      'blue/red-blue host/blue-red-blue@sw',
      'host/veth-red-br red/eth9',
    ]);
  });

  test('a bare bridge name is the own bridge first; router:cni0 and host:sw name others', () => {
    const lab = labOf(`
bridges: { sw: {} }
namespaces:
  router:
    bridges: { sw: {}, cni0: {} }
    interfaces: { a: { bridge: sw }, b: { bridge: "host:sw" } }
  pod: { interfaces: { eth0: { bridge: "router:cni0" }, eth1: { bridge: sw } } }
`);
    expect(endsOf(lab)).toEqual([
      'router/a router/router-a@sw',
      'router/b host/router-b@sw',
      'pod/eth0 router/pod-eth0@cni0',
      'pod/eth1 host/pod-eth1@sw',
    ]);
    expect(lab.lans.map(({ label }) => label)).toEqual(['sw', 'router:sw', 'router:cni0']);
  });

  test('a cable between two ports makes one LAN of two bridges', () => {
    const lab = labOf(`
bridges: { left: 10.0.0.0/24, right: {} }
namespaces:
  a: { interfaces: { eth0: { bridge: left } } }
  b: { interfaces: { eth0: { bridge: right } } }
links: ["host:p1 -- host:p2"]
host: { interfaces: { p1: { bridge: left }, p2: { bridge: right } } }
`);
    expect(lab.lans).toHaveLength(1);
    expect(lab.lans[0]).toMatchObject({ label: 'left', subnets: ['10.0.0.0/24'] });
    expect(lab.lans[0]?.members.map(({ netns, prefixes }) => [netns, ...prefixes])).toEqual([
      ['a', '10.0.0.1/24'],
      ['b', '10.0.0.2/24'],
    ]);
    expect(said(lab)).toEqual([]);
  });

  test('MTUs: of the bridge for ports and peers, of the cable for both ends, of an interface for its end and the peer', () => {
    const lab = labOf(`
bridges: { sw: { mtu: 1400 } }
namespaces:
  a: { interfaces: { eth0: { bridge: sw }, eth1: { bridge: sw, mtu: 1300 }, x: { mtu: 1200 } } }
  b: { interfaces: { y: { mtu: 1250 } } }
links:
  - { ends: [a:x, b:x], mtu: 9000 }
  - { ends: [a:y, b:y], mtu: 9000 }
  - { ends: [a:z, b:z], mtu: 9000 }
`);
    expect(lab.cables.map(({ ends }) => ends.map(({ mtu }) => mtu))).toEqual([
      [1400, 1400],
      [1300, 1300],
      [1200, 1200],
      [1250, 1250],
      [9000, 9000],
    ]);
  });

  test('a bridge has the least MTU of its ports where all of them write one', () => {
    const mtus = (a: string, b: string) => {
      const lab = labOf(`
bridges: { sw: {} }
namespaces: { a: { interfaces: { eth0: { bridge: sw ${a} } } }, b: { interfaces: { eth0: { bridge: sw ${b} } } } }
`);
      return [lab.bridges[0]?.mtu, ...lab.cables.flatMap(({ ends }) => ends.map(({ mtu }) => mtu))];
    };
    expect(mtus('', '')).toEqual([null, null, null, null, null]);
    expect(mtus(', mtu: 1400', ', mtu: 1300')).toEqual([1300, 1400, 1400, 1300, 1300]);
    expect(mtus(', mtu: 1400', '')).toEqual([null, 1400, 1400, null, null]);
    expect(mtus(', mtu: 9000', '')).toEqual([null, 9000, 9000, null, null]);
  });

  test('every wrong wiring is said once, and nothing follows from it', () => {
    const lab = labOf(`
bridges: { v-net-0: 10.0.0.0/24 }
namespaces:
  red:
    interfaces: { eth0: { bridge: v-net-1, address: 10.0.0.1 }, eth1: {}, lo: 10.9.9.9 }
    routes: [{ to: default, via: 10.0.0.5 }]
  blue: { interfaces: { eth0: { bridge: v-net-0 } } }
links:
  - rad:eth0 -- blue:eth1
  - blue:eth2 -- blue:eth2
  - blue:eth3 -- host:b3
  - blue:eth3 -- host:b4
  - blue:eth5 -- host:v-net-0
`);
    expect(said(lab)).toEqual([
      'undeclared-end: there is no namespace rad',
      'cable-conflict: blue:eth2 is already an end of a cable',
      'cable-conflict: blue:eth3 is already an end of a cable',
      'cable-conflict: host:v-net-0 is a bridge; a cable ends at interfaces',
      'unknown-bridge: there is no bridge v-net-1',
      'unwired-interface: red:eth1 is not wired',
    ]);
    expect(lab.problems.map(({ hint }) => hint)[4]).toBe('did you mean v-net-0?');
    expect(lab.addresses.map(({ dev }) => dev)).toEqual(['eth0', 'lo', 'eth0']);
  });

  test("the machine's own links are only added to", () => {
    const lab = labOf(`
host: { interfaces: { eth1: { existing: true, address: 10.0.0.1/24, mtu: 1400 } } }
`);
    expect(said(lab)).toEqual(['bad-value: eth1 is a link that the machine has; netform does not change its mtu']);
    expect(lab).toMatchObject({
      existing: [{ name: 'eth1' }],
      cables: [],
      addresses: [{ dev: 'eth1', netns: 'host' }],
    });
  });

  test('MACs are ours, unique, stable, and give way to written ones', () => {
    const yaml = `
bridges: { sw: { mac: "02:00:00:00:00:01" } }
namespaces: { a: { interfaces: { eth0: { bridge: sw } } }, b: { interfaces: { eth0: { bridge: sw } } } }
`;
    const macs = (lab: ReturnType<typeof labOf>) => lab.cables.flatMap(({ ends }) => ends.map(({ mac }) => mac));
    const lab = labOf(yaml);
    expect(lab.bridges[0]?.mac).toBe('02:00:00:00:00:01');
    expect(new Set(macs(lab)).size).toBe(4);
    expect(macs(lab)[0]).toMatch(/^02:4e:46:/);
    expect(macs(labOf(yaml.replace('a:', 'new: {}, a:')))).toEqual(macs(lab));
  });

  test('port names are at most 15 bytes and unique in their namespace', () => {
    const name = fc.stringMatching(/^[ab][ab-]{0,20}$/);
    const port = fc.record({ netns: name, interface: name, bridgeNetns: fc.constantFrom('host', 'r') });
    const ports = fc.uniqueArray(port, { selector: (one) => `${one.netns}/${one.interface}`, maxLength: 12 });
    fc.assert(
      fc.property(ports, fc.array(name, { maxLength: 5 }), (all, taken) => {
        const used = taken.map((one) => `host/${one}`);
        const names = bridgePortNames(all, new Set(used)).map(
          ({ name }, index) => `${all[index]?.bridgeNetns}/${name}`,
        );
        expect(names.every((one) => one.length - one.indexOf('/') - 1 <= 15)).toBe(true);
        expect(new Set([...names, ...used]).size).toBe(names.length + new Set(used).size);
      }),
    );
  });
});
