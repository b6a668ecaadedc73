import { describe, expect, it } from 'vitest';
import { diagnose } from '../../support/diagnose.ts';
import { liveOf, type SmallMachine } from '../../support/live.ts';

const LAN = 'bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }';

/** What looks like a mistake and is none. */
const legal: readonly (readonly [string, string, SmallMachine?])[] = [
  [
    'F32: the keys that nerdctl and Podman keep in a conflist',
    `
cni:
  mynet:
    cniVersion: 1.0.0
    nerdctlID: 17f29b073143d8cd97b5bbe492bdeffec1c5fee55cc1fe2112c8b9335f8b6121
    nerdctlLabels: { nerdctl/default-network: "true" }
    args: { podman_labels: { a: b }, podman_options: { mtu: "1400" } }
    plugins: [{ type: bridge, ipam: { type: host-local, subnet: 10.4.0.0/24 } }]`,
  ],
  [
    'one subnet and one address on two LANs that never meet',
    `
bridges: { a: 10.0.0.0/24, b: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: a, address: 10.0.0.5, mac: "02:00:00:00:00:01" } } }
  blue: { interfaces: { eth0: { bridge: b, address: 10.0.0.5, mac: "02:00:00:00:00:01" } } }`,
  ],
  [
    'one address on the lo of two namespaces, and on an interface beside it',
    `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.5 }, lo: [10.9.9.9/32, 10.0.0.5/32] } }
  blue: { interfaces: { eth0: { bridge: lan }, lo: 10.9.9.9/32 } }`,
  ],
  [
    'one link-local address on two links of a namespace',
    `
namespaces:
  a: { interfaces: { eth0: "fe80::1/64", eth1: "fe80::1/64" } }
  b: { interfaces: { eth0: "fe80::2/64", eth1: "fe80::2/64" } }
links: [ "a:eth0 -- b:eth0", "a:eth1 -- b:eth1" ]`,
  ],
  [
    'both addresses of a /31, and a host prefix inside a subnet',
    `
namespaces:
  a: { interfaces: { eth0: [10.0.0.0/31, 10.5.0.7/32] } }
  b: { interfaces: { eth0: 10.0.0.1/31 } }
links: [ "a:eth0 -- b:eth0" ]`,
  ],
  [
    'one destination with two metrics, or in two tables',
    `
${LAN}
host: { forwarding: false }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, gateway: false } }
    routes:
      - { to: 10.9.0.0/16, via: 10.0.0.7 }
      - { to: 10.9.0.0/16, via: 10.0.0.8, metric: 50 }
      - { to: 10.9.0.0/16, via: 10.0.0.8, table: 100 }
    rules: [{ from: 10.0.0.2, table: 100 }]
  seven: { forwarding: true, interfaces: { eth0: { bridge: lan, address: 10.0.0.7 }, lo: 10.9.0.7/16 } }
  eight: { forwarding: true, interfaces: { eth0: { bridge: lan, address: 10.0.0.8 }, lo: 10.9.0.8/16 } }`,
  ],
  [
    'one port for two protocols and at two addresses',
    `
${LAN}
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
portForwards: [ "53/tcp -> red:53", "53/udp -> red:53", "192.0.2.1:80 -> red:80", "192.0.2.2:80 -> red:81" ]`,
  ],
  [
    'a bridge of layer 2 only, and a plugin that netform does not know',
    `
cni:
  flat: { cniVersion: 1.0.0, plugins: [{ type: bridge }, { type: mine, anyKey: { is: fine } }] }`,
  ],
  [
    'two conflists that share a subnet and not its addresses',
    `
cni:
  low: { cniVersion: 1.0.0, plugins: [{ type: macvlan, ipam: { type: host-local, subnet: 10.22.0.0/24, rangeEnd: 10.22.0.99 } }] }
  high: { cniVersion: 1.0.0, plugins: [{ type: macvlan, ipam: { type: host-local, subnet: 10.22.0.0/24, rangeStart: 10.22.0.100 } }] }`,
  ],
  [
    'a conflist on a bridge of the lab, with its subnet',
    `
bridges: { cni0: { subnet: 10.22.0.0/16, address: 10.22.0.1 } }
cni:
  mynet: { cniVersion: 1.0.0, plugins: [{ type: bridge, bridge: cni0, ipam: { type: host-local, subnet: 10.22.0.0/16 } }] }`,
  ],
  [
    'its own links on the machine, and the default route of a VPN in two halves',
    LAN,
    {
      links: { lan: { kind: 'bridge', alias: 'netform:v1:example:00000000', addresses: ['10.0.0.1/24'] }, tun0: {} },
      routes: [
        { to: '10.0.0.0/24', dev: 'lan' },
        { to: '0.0.0.0/1', dev: 'tun0' },
        { to: '128.0.0.0/1', dev: 'tun0' },
      ],
    },
  ],
  [
    'a further address on a link of the machine',
    'host: { interfaces: { eth0: { existing: true, address: 10.0.0.9/24 } } }',
    { links: { eth0: { addresses: ['10.0.0.2/24'] } }, routes: [{ to: '10.0.0.0/24', dev: 'eth0' }] },
  ],
  [
    'a port that a program has at another address',
    `
${LAN}
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
portForwards: [ "192.0.2.1:53/udp -> red:53" ]`,
    { listeners: [{ protocol: 'udp', address: '127.0.0.53', port: 53 }] },
  ],
];

describe('what is legal', () => {
  it.each(legal)('accepts %s', (_what, yaml, machine) => {
    const live = typeof machine === 'object' ? liveOf(machine) : null;
    const { diagnostics } = diagnose(`version: 1\nname: example\n${yaml}\n`, { file: 'legal.yaml', live });
    const found = diagnostics.filter(({ check }) => check !== 'foreign-object');
    expect(found.map(({ check, message }) => `${check}: ${message}`)).toEqual([]);
  });

  it('names the other lab whose subnet is in the way', () => {
    const alias = 'netform:v1:other:00000000';
    const live = liveOf({ links: { theirs: { kind: 'bridge', alias, addresses: ['10.0.0.7/24'] } } });
    const { diagnostics } = diagnose(`version: 1\nname: example\n${LAN}\n`, { file: 'legal.yaml', live });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'subnet 10.0.0.0/24 of bridge lan overlaps 10.0.0.7/24 of theirs (lab other)',
    ]);
  });
});
