import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from '../../support/diagnose.ts';
import { wholeTopology } from '../../support/whole-topology.ts';

const ROOT = join(import.meta.dirname, '../../..');
const files = ['topologies', 'templates'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`),
);

test('the examples and the templates raise no warning', () => {
  expect(files.length).toBeGreaterThan(20);
  const found = files.flatMap((file) => {
    const text = wholeTopology(join(ROOT, file));
    if (text === null) return [];
    return diagnose(text, { file, live: null }).diagnostics.map(({ message }) => [file, message]);
  });
  expect(found).toEqual([]);
});

const ROUTED = `
version: 1
name: routed
bridges:
  lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], gateway: r }
`;

test.each([
  [
    'the outside beyond NAT',
    `${ROUTED}
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  r:
    forwarding: true
    interfaces: { eth0: { bridge: lan }, eth1: 203.0.113.1/24 }
    nat: [{ masquerade: 10.1.0.0/24, out: eth1 }]
  isp: { interfaces: { eth0: 203.0.113.9/24 } }
links: [ "r:eth1 -- isp:eth0" ]`,
  ],
  [
    'a LAN that is meant to have no gateway',
    `${ROUTED}  back: { subnet: 10.2.0.0/24, gateway: none }
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  db: { interfaces: { eth0: { bridge: back } } }
  r: { forwarding: true, interfaces: { eth0: { bridge: lan }, eth1: { bridge: back } } }`,
  ],
  [
    'a gateway with an address that a proxy or a permanent neighbour answers for',
    `${ROUTED}  back: 10.2.0.0/24
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  b:
    interfaces: { eth0: { bridge: back } }
    routes: [{ to: default, via: 10.2.0.77 }]
    neighbours: [{ to: 10.2.0.77, mac: "02:00:00:00:00:77", dev: eth0 }]
  r: { forwarding: true, interfaces: { eth0: { bridge: lan }, eth1: { bridge: back, mac: "02:00:00:00:00:77" } } }`,
  ],
  [
    'addresses without a subnet, and routes straight to the link',
    `
version: 1
name: routed
namespaces:
  a: { interfaces: { eth0: 10.6.0.1/32 }, routes: [{ to: 10.7.0.2/32, dev: eth0 }] }
  b: { interfaces: { eth0: 10.7.0.2/32 }, routes: [{ to: 10.6.0.1/32, dev: eth0 }] }
links: [ "a:eth0 -- b:eth0" ]`,
  ],
  [
    'an end of a cable that is down',
    `${ROUTED}
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  r: { forwarding: true, interfaces: { eth0: { bridge: lan }, eth1: { address: 10.9.0.1/24, state: down } } }
  b: { interfaces: { eth0: 10.8.0.2/24 } }
links: [ "r:eth1 -- b:eth0" ]`,
  ],
  [
    'answers that come back another way',
    `${ROUTED}  far: { subnet: 10.2.0.0/24, gateway: q }
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  c: { interfaces: { eth0: { bridge: far } } }
  r: { forwarding: true, interfaces: { eth0: { bridge: lan }, eth1: { bridge: far } } }
  q: { forwarding: true, interfaces: { eth0: { bridge: lan }, eth1: { bridge: far } } }`,
  ],
])('%s raises no warning', (_what, text) => {
  const { diagnostics } = diagnose(text, { file: 'lab.yaml', live: null });
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
});
