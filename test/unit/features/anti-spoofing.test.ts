import { expect, test } from 'vitest';
import { unsupportedByKernel } from '../../../src/checks/machine/unsupported-by-kernel.ts';
import { keptMac } from '../../../src/features/anti-spoofing/checks/kept-mac.ts';
import { guardRules } from '../../../src/features/anti-spoofing/guarded-ports.ts';
import { antiSpoofingPart } from '../../../src/features/anti-spoofing/nft-part.ts';
import type { PortGuardRule } from '../../../src/features/anti-spoofing/rule.ts';
import { type AnyFact, toLiveState } from '../../../src/model/kernel/need.ts';
import { compileLab } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';

function labOf(text: string) {
  const { topology, diagnostics } = loadTopology(`version: 1\nname: lab\n${text}`, {
    ...{ file: 'x', vars: {}, varFile: null },
  });
  if (!topology) throw new Error(JSON.stringify(diagnostics));
  return elaborateTopology(topology, {});
}

const guardsOf = (text: string): ReadonlyMap<string, PortGuardRule> =>
  new Map(
    guardRules(labOf(text)).map(({ rule }) => {
      const guard = rule as unknown as PortGuardRule;
      return [guard.label, guard];
    }),
  );

const LAN = 'lan: { subnet: [10.1.0.0/24, "fd00:1::/64"], antiSpoofing: true }';

test('a port is held to the MAC and addresses behind it, and those of lo', () => {
  const guard = guardsOf(`
bridges: { ${LAN}, free: 10.2.0.0/24 }
namespaces:
  red: { interfaces: { lo: 10.255.0.1/32, eth0: { bridge: lan, mac: "02:00:00:00:00:01", address: [10.1.0.5, "fd00:1::5"] }, eth1: { bridge: free } } }
`);
  expect([...guard.values()]).toEqual([
    {
      ...{ bridge: 'lan', dev: 'red-eth0', label: 'red:eth0', macs: ['02:00:00:00:00:01'] },
      addresses: ['10.1.0.5', 'fd00:1::5', '10.255.0.1', 'fe80::ff:fe00:1'],
      routes: { 4: null, 6: null },
    },
  ]);
});

test('what stands on an interface may send, too, and a router from everywhere but its LAN', () => {
  const guards = guardsOf(`
bridges: { ${LAN} }
namespaces:
  node:
    interfaces:
      eth0: { bridge: lan, mac: "02:00:00:00:00:01", address: 10.1.0.5 }
      mac0: { macvlan: { parent: eth0 }, mac: "02:00:00:00:00:02", address: 10.1.0.6/24 }
      eth0.5: { vlan: { id: 5, parent: eth0 }, address: 10.5.0.1/24 }
  router: { forwarding: true, interfaces: { eth0: { bridge: lan } } }
`);
  const node = guards.get('node:eth0');
  expect(node?.macs).toEqual(expect.arrayContaining(['02:00:00:00:00:01', '02:00:00:00:00:02']));
  expect(node?.macs).toHaveLength(3);
  expect(node?.addresses).toEqual(expect.arrayContaining(['10.1.0.5', '10.1.0.6', '10.5.0.1', 'fe80::ff:fe00:2']));
  expect(guards.get('router:eth0')?.routes).toEqual({ 4: ['10.1.0.0/24'], 6: ['fd00:1::/64'] });
});

test('a port that leads to another bridge has no rule', () => {
  const guards = guardsOf(`
bridges: { ${LAN} }
namespaces:
  sw: { bridges: { inner: {} } }
  red: { interfaces: { eth0: { bridge: lan } } }
links: [{ ends: ["host:lan", "sw:inner"] }]
`);
  expect([...guards.keys()]).toEqual(['red:eth0']);
});

test('it is a table of the family bridge beside the other one', () => {
  const lab = labOf(`
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1, antiSpoofing: true } }
nat: [{ masquerade: lan }]
namespaces: { red: { interfaces: { eth0: { bridge: lan, mac: "02:00:00:00:00:01", address: 10.1.0.5 } } } }
`);
  const tables = compileLab(lab).filter(({ kind }) => kind.startsWith('nft'));
  expect(tables.map(({ id }) => id)).toEqual(['nft:host/netform_lab', 'nft-bridge:host/netform_lab']);
  const { elements, chains } = antiSpoofingPart.statements(guardRules(lab).map(({ rule }) => rule));
  expect(elements[0]?.elements).toEqual(['"red-eth0" : goto port/red-eth0']);
  expect(chains).toEqual([
    {
      name: 'port/red-eth0',
      rules: [
        'ether saddr != { 02:00:00:00:00:01 } drop',
        'arp saddr ether { 02:00:00:00:00:01 } arp saddr ip { 0.0.0.0, 10.1.0.5 } accept',
        'ip saddr { 10.1.0.5 } accept',
        'ip saddr 0.0.0.0 udp sport 68 udp dport 67 accept',
        'icmpv6 type nd-neighbor-advert @th,64,128 != { 0xfe80000000000000000000fffe000001 } drop',
        'ip6 saddr { fe80::ff:fe00:1 } accept',
        'ip6 saddr :: icmpv6 type nd-neighbor-solicit @th,64,128 { 0xfe80000000000000000000fffe000001 } accept',
        'ip6 saddr :: icmpv6 type { nd-router-solicit, mld2-listener-report } accept',
        'drop',
      ],
    },
  ]);
});

test('a guard that goes, or another address, opens something', () => {
  const [rule] = guardRules(
    labOf(`
bridges: { ${LAN} }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`),
  ).map(({ rule: spec }) => spec);
  if (!rule) throw new Error('no rule');
  const more = { ...rule, addresses: [...(rule as unknown as PortGuardRule).addresses, '10.1.0.99'] };
  const opens = (before: readonly (typeof rule)[], after: readonly (typeof rule)[]) =>
    antiSpoofingPart.opens?.(before, after);
  expect([opens([rule], []), opens([rule], [more]), opens([more], [rule]), opens([rule], [rule])]).toEqual([
    ...[true, true, false, false],
  ]);
});

test('Open vSwitch has flows for it', () => {
  const { problems } = labOf('bridges: { lan: { kind: ovs, subnet: 10.1.0.0/24, antiSpoofing: true } }\n');
  expect(problems.map(({ check, message }) => [check, message])).toEqual([
    ['bad-value', 'antiSpoofing is of bridges of the kernel; lan is one of Open vSwitch'],
  ]);
});

test('an adopted interface whose MAC the file does not write is refused; one that was changed by hand is not', () => {
  const found = (mac: string, words = '', kept = '') => {
    const lab = labOf(`bridges: { ${LAN} }\nnamespaces: { red: { interfaces: { eth0: { bridge: lan${words} } } } }\n`);
    const links = new Map([['eth0', { mac }]]);
    const fact = { need: { need: 'namespace', netns: 'red' }, answer: { links } } as unknown as AnyFact;
    const id = compileLab(lab).find(({ kind }) => kind === 'veth')?.id ?? '';
    const entry = { kind: 'veth', id, netns: 'host', spec: { far: { mac: kept } } };
    const recorded = kept === '' ? [] : ([entry] as unknown as Parameters<typeof keptMac.find>[2]['recorded']);
    return keptMac.find(lab, toLiveState([fact], 0), { recorded, file: 'x' }).map(({ message }) => message);
  };
  const refused = /^red:eth0 has the MAC 02:00:00:00:00:77, and antiSpoofing would let only \S+ pass$/;
  expect(found('02:00:00:00:00:77')).toEqual([expect.stringMatching(refused)]);
  expect(found('02:00:00:00:00:77', '', '02:00:00:00:00:77')).toEqual([expect.stringMatching(refused)]);
  expect(found('02:00:00:00:00:77', '', '02:4e:46:00:00:01')).toEqual([]);
  expect(found('02:00:00:00:00:77', ', mac: "02:00:00:00:00:77"')).toEqual([]);
});

test('a kernel without tables of the family bridge refuses it', () => {
  const lab = labOf(`bridges: { ${LAN} }\nnamespaces: { red: { interfaces: { eth0: { bridge: lan } } } }\n`);
  const refused = new Map([['script', 'Could not process rule: Operation not supported']]);
  const need = { need: 'table', netns: 'host', key: 'bridge netform_lab' };
  const fact = { need, answer: { listing: null, same: [], refused, wanted: new Map() } } as unknown as AnyFact;
  const said = unsupportedByKernel.find(lab, toLiveState([fact], 0), { recorded: [], file: 'x' });
  expect(said.map(({ message, hint }) => [message, hint])).toEqual([
    [
      'nftables rejects the rules for ports of bridges of the host: Could not process rule: Operation not supported',
      'antiSpoofing needs a kernel with CONFIG_NF_TABLES_BRIDGE, and nftables 1.0 or newer; leave it out otherwise',
    ],
  ]);
});
