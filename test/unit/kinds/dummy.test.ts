import { expect, test } from 'vitest';
import { addLinkMessage } from '../../../src/kernel/netlink/link.ts';
import { encodeMessage } from '../../../src/kernel/netlink/message.ts';
import type { AddLink } from '../../../src/model/instruction.ts';
import type { LinkKind } from '../../../src/model/link-kind.ts';
import { shellLines } from '../../../src/registry/instructions.ts';
import { linkKinds } from '../../../src/registry/kinds.ts';
import { labOf, said } from '../lab/resolve-lab.ts';
import { contextWith, created, kindOf, linkLive, linksOf, liveWith, MARK, spoken } from './fixture.ts';

const kind = kindOf('dummy');
const link = linkKinds.get('dummy') as LinkKind;
const lab = labOf('namespaces: { red: { interfaces: { dum0: { dummy: {}, address: 10.99.0.1/32 } } } }');
const [resource] = kind.compile(lab);
if (!resource) throw new Error('no dummy');

test('a dummy has no options, and is a LAN by itself', () => {
  expect(said(lab)).toEqual([]);
  expect(lab.lans).toMatchObject([{ label: 'red:dum0', members: [{ netns: 'red', dev: 'dum0' }] }]);
  expect(resource).toMatchObject({ id: 'dummy:red/dum0', within: ['netns:red'], spec: { mtu: 1500, master: null } });
  expect(said(labOf('namespaces: { red: { interfaces: { dum0: { dummy: } } } }'))).toEqual([]);
});

test('a dummy is made, and read back as it is wanted', () => {
  const [[add]] = kind.instructions(created(resource), 'make', contextWith()) as [[AddLink]];
  expect(shellLines(add)).toEqual([`ip -n red link add name dum0 address ${add.mac} mtu 1500 group 20038 type dummy`]);
  expect(spoken(kind.describe(created(resource)))).toEqual(['+ red dummy dum0 mtu 1500']);
  const there = linkLive({ name: 'dum0', kind: 'dummy', mac: add.mac, alias: MARK, options: {} });
  const live = liveWith({ red: { links: linksOf(there) } });
  expect(kind.observe(live, resource, contextWith())).toEqual({ spec: resource.spec, owner: 'ours', whose: null });
  expect(kind.isCreatable?.(resource.spec)).toBe(true);
});

test('a dummy is encoded without IFLA_INFO_DATA', () => {
  const add: AddLink = {
    ...{ do: 'link.add', netns: 'red', name: 'd0', kind: 'dummy', mac: '02:4e:46:00:00:01', mtu: 1400, group: 7 },
    ...{ master: null, lower: null, options: {}, peer: null },
  };
  const references = { master: null, lower: null, peerNetns: null, ownNetns: null };
  expect(
    encodeMessage(addLinkMessage(add, link, references), 0, 0)
      .subarray(32)
      .toString('hex'),
  ).toBe(
    [
      '07000300' + '64300000', // IFLA_IFNAME d0
      '0a000100' + '024e46000001' + '0000', // IFLA_ADDRESS
      '08000400' + '78050000', // IFLA_MTU 1400
      '08001b00' + '07000000', // IFLA_GROUP 7
      '10001280', // IFLA_LINKINFO
      '0a000100' + '64756d6d7900' + '0000', // IFLA_INFO_KIND dummy
    ].join(''),
  );
});
