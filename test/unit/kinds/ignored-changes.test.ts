import { expect, test } from 'vitest';
import { linkKinds } from '../../../src/registry/kinds.ts';
import { printCase } from '../../support/plan-case.ts';

const labWith = (own: string): string => `version: 1
name: lab
bridges: { lan: 10.0.0.0/24, other: 10.1.0.0/24 }
namespaces:
  red:
    interfaces:
      eth0: { bridge: lan, address: [10.0.0.2/24, "fd00::2/64"] }
      eth1: { bridge: other, address: 10.1.0.2/24 }
      x0: { ${own}, address: none }
  blue: { interfaces: { eth0: { bridge: lan, address: 10.0.0.3 } } }
dns: { names: false }
`;

/** What the kernel ignores or refuses in a change of a link: the link before and after, and the word. */
const CHANGES: readonly (readonly [string, string, string])[] = [
  ['vlan: { id: 10, parent: eth0 }', 'vlan: { id: 11, parent: eth0 }', 'id'],
  ['vlan: { id: 10, parent: eth0 }', 'vlan: { id: 10, parent: eth1 }', 'parent'],
  ['vlan: { id: 10, parent: eth0 }', 'vlan: { id: 10, parent: eth0, protocol: 802.1ad }', 'protocol'],
  ['macvlan: { parent: eth0 }', 'macvlan: { parent: eth1 }', 'parent'],
  ['macvtap: { parent: eth0 }', 'macvtap: { parent: eth1 }', 'parent'],
  ['ipvlan: { parent: eth0 }', 'ipvlan: { parent: eth1 }', 'parent'],
  ['macvlan: { parent: eth0 }', 'macvlan: { parent: eth0, mode: vepa }', 'mode'],
  ['macvtap: { parent: eth0 }', 'macvtap: { parent: eth0, mode: passthru }', 'mode'],
  ['bond: { mode: active-backup }', 'bond: { mode: balance-rr }', 'mode'],
  ['tap: { user: daemon }', 'tap: { user: nobody }', 'user'],
  ['tun: { user: daemon }', 'tun: {}', 'user'],
  ['tap: {}', 'tap: { group: daemon }', 'group'],
  ['tun: {}', 'tun: { group: daemon }', 'group'],
  ['vrf: { table: 100 }', 'vrf: { table: 101 }', 'table'],
  ['gre: { remote: 10.0.0.3, dev: eth0 }', 'gre: { remote: 10.0.0.3, dev: eth1 }', 'dev'],
  ['gre: { remote: 10.0.0.3, dev: none }', 'gre: { dev: none }', 'remote'],
  ['ip6gre: { remote: "fd00::3", dev: eth0 }', 'ip6gre: { remote: "fd00::3", dev: none }', 'dev'],
  ['ipip: { remote: 10.0.0.3 }', 'ipip: { remote: 10.0.0.3, mode: ipip }', 'mode'],
  ['sit: { remote: 10.0.0.3 }', 'sit: { remote: 10.0.0.3, mode: ip6ip }', 'mode'],
  ['ip6tnl: { remote: "fd00::3" }', 'ip6tnl: { remote: "fd00::3", mode: ip6ip6 }', 'mode'],
  ['geneve: { id: 1, remote: 10.0.0.3 }', 'geneve: { id: 2, remote: 10.0.0.3 }', 'id'],
  ['geneve: { id: 1, remote: 10.0.0.3 }', 'geneve: { id: 1, remote: 10.0.0.3, port: 6082 }', 'port'],
  ['geneve: { id: 1, remote: 10.0.0.3 }', 'geneve: { id: 1, remote: "fd00::3" }', 'remote'],
  ['vxlan: { id: 1, remote: 10.0.0.3 }', 'vxlan: { id: 2, remote: 10.0.0.3 }', 'id'],
  ['vxlan: { id: 1, remote: 10.0.0.3 }', 'vxlan: { id: 1, remote: 10.0.0.4 }', 'remote'],
  ['vxlan: { id: 1, remote: 10.0.0.3 }', 'vxlan: { id: 1, remote: 10.0.0.3, port: 8472 }', 'port'],
  ['vxlan: { id: 1, remote: 10.0.0.3 }', 'vxlan: { id: 1, remote: 10.0.0.3, local: 10.0.0.2 }', 'local'],
  ['vxlan: { id: 1, remote: 10.0.0.3 }', 'vxlan: { id: 1, remote: 10.0.0.3, dev: none }', 'dev'],
  ['vxlan: { id: 1, group: 239.1.1.1, dev: eth0 }', 'vxlan: { id: 1, group: 239.1.1.2, dev: eth0 }', 'group'],
];

test.each(CHANGES)('%s that becomes %s is another link, and the plan says why', async (before, after, word) => {
  const plan = await printCase({ topology: labWith(after), applied: labWith(before), live: {} });
  const line = plan.split('\n').find((one) => / x0 /.test(one) && one.includes('±'));
  expect(line, plan).toMatch(new RegExp(`± \\w+ +x0 +(?:.*, )?${word}(?:, .*)? is immutable: replaced`));
});

test('each option that a kind says not to change has such a line', () => {
  const tried = new Set(CHANGES.map(([before, , word]) => `${before.slice(0, before.indexOf(':'))} ${word}`));
  const alike: { readonly [kind: string]: string } = {
    gretap: 'gre',
    ip6gretap: 'ip6gre',
    ipip: 'gre',
    sit: 'gre',
    ip6tnl: 'gre',
  };
  const missing = [...linkKinds.values()].flatMap(({ name, immutable, fields }) =>
    immutable
      .filter((word) => word in fields && !tried.has(`${name} ${word}`) && !tried.has(`${alike[name] ?? name} ${word}`))
      .map((word) => `${name} ${word}`),
  );
  expect(missing).toEqual([]);
});
