import { expect, test } from 'vitest';
import { firewallEntries, isCoveredBy } from '../../../src/firewall/lab-firewall.ts';
import type { FirewallRule } from '../../../src/model/lab-parts/firewall-rule.ts';
import { labOf } from '../picture/example-pictures.ts';

/** The entries under `allow`, resolved. */
const entries = (allow: string) => {
  const { nft } = labOf(`
version: 1
name: lab
bridges: { lan: { subnet: [10.0.0.0/24, "fd00::/64"], address: [10.0.0.1, "fd00::1"] } }
namespaces:
  web: { interfaces: { eth0: { bridge: lan } }, answers: { http: 80 } }
  db: { interfaces: { eth0: { bridge: lan } }, answers: { sql: 5432 } }
host: { forwarding: false }
firewall: { input: drop, allow: [${allow}] }
`);
  return firewallEntries(nft.map(({ rule }) => rule as unknown as FirewallRule));
};

test.each([
  ['{ from: web }', '{ from: lan }', true],
  ['{ from: lan }', '{ from: web }', false],
  ['{ from: lan }', '{}', true],
  ['{}', '{ from: lan }', false],
  ['{ from: lan, ports: [80] }', '{ ports: [1-100] }', true],
  ['{ ports: [80/udp] }', '{ ports: [1-100] }', false],
  ['{ ports: [80] }', '{ proto: tcp }', true],
  ['{ ports: [80/tcp+udp] }', '{ proto: tcp }', false],
  ['{ proto: icmp }', '{ proto: [icmp, gre] }', true],
  ['{ in: lan }', '{ out: lan }', false],
  ['{ in: lan, out: lan }', '{ in: lan }', true],
  ['{ from: 10.1.0.0/16 }', '{ from: { cidr: 10.0.0.0/8, except: [10.1.2.0/24] } }', false],
  ['{ from: 10.2.0.0/16 }', '{ from: { cidr: 10.0.0.0/8, except: [10.1.2.0/24] } }', true],
  ['{ from: outside }', '{ from: [0.0.0.0/0, "::/0"] }', true],
  ['{ from: web }', '{ from: outside }', false],
  ['{ to: web, ports: [http] }', '{ to: web, ports: [80] }', true],
  ['{ ports: [http, sql] }', '{ to: web }', false],
  ['{ from: any }', '{ from: [web, db, host] }', true],
])('%s is within %s: %s', (one, other, isCovered) => {
  const [a, b] = entries(`${one}, ${other}`);
  expect(a && b && isCoveredBy(a, b)).toBe(isCovered);
});
