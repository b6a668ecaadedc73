import { expect, test } from 'vitest';
import type { AddLink } from '../../../src/model/instruction.ts';
import { kindOfLiveLink, type LinkKind } from '../../../src/model/link-kind.ts';
import { parseNestedAttributes } from '../../../src/net/netlink-attributes.ts';
import { shellLines } from '../../../src/registry/instructions.ts';
import { linkKinds } from '../../../src/registry/kinds.ts';
import { labOf, said } from '../lab/resolve-lab.ts';
import { contextWith, created, kindOf, operationOf, spoken } from './fixture.ts';

const lab = labOf(`
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { tun0: { tun: { user: nobody, group: 1000 }, address: 10.8.0.1/24 } } }
host: { interfaces: { tap0: { bridge: lan, tap: {} } } }
`);
const [tun] = kindOf('tun').compile(lab);
const [tap] = kindOf('tap').compile(lab);
if (!tun || !tap) throw new Error('no tun');

test('a tun has no MAC, a tap has one, and is a port', () => {
  expect(said(lab)).toEqual([]);
  expect(tun).toMatchObject({ id: 'tun:red/tun0', spec: { user: 'nobody', group: '1000', mac: '' } });
  expect(tap).toMatchObject({ spec: { user: null, group: null, master: 'lan' }, dependsOn: ['bridge:host/lan'] });
  const written = labOf('namespaces: { red: { interfaces: { t: { tun: {}, mac: "02:00:00:00:00:01" } } } }');
  expect(said(written)).toEqual(['bad-value: red:t is a tun, which has no MAC']);
});

test('a tun is made by ip tuntap, and replaced for another user', () => {
  const [[add]] = kindOf('tun').instructions(created(tun), 'make', contextWith()) as [[AddLink]];
  expect(shellLines(add)).toEqual([
    'ip -n red tuntap add dev tun0 mode tun user nobody group 1000',
    'ip -n red link set dev tun0 mtu 1500 group 20038',
  ]);
  const [[port]] = kindOf('tap').instructions(created(tap), 'make', contextWith()) as [[AddLink]];
  expect(shellLines(port)).toEqual([
    'ip tuntap add dev tap0 mode tap',
    `ip link set dev tap0 address ${port.mac} mtu 1500 group 20038 master lan`,
  ]);
  const before = { ...tun.spec, user: 'daemon' };
  const replace = operationOf('replace', tun, { before, after: tun.spec });
  expect(spoken(kindOf('tun').describe(replace))).toEqual(['± red tun tun0 user is immutable: replaced']);
});

test('the kernel has one kind for both, and says which it is', () => {
  // IFLA_TUN_OWNER 1000, _TYPE IFF_TAP, _PERSIST 1, as the kernel sends them.
  const tapData = parseNestedAttributes(
    Buffer.from('08000100e8030000' + '0500030002000000' + '0500060001000000', 'hex'),
  );
  const kind = kindOfLiveLink(linkKinds, 'tun', () => tapData) as LinkKind;
  const names = { lower: null, nameOf: () => null, accountOf: (of: string, id: number) => `${of}${id}` };
  expect(kind.name).toBe('tap');
  expect(kind.netlink.decode(tapData, names)).toEqual({ options: { user: 'user1000', group: null }, unknown: [] });
  const fleeting = parseNestedAttributes(Buffer.from('0500030001000000' + '0500060000000000', 'hex'));
  expect(kindOfLiveLink(linkKinds, 'tun', () => fleeting)?.name).toBe('tun');
  expect(kind.netlink.decode(fleeting, names)).toEqual({ options: null, unknown: [{ name: 'persist', value: 'off' }] });
});
