import { describe, expect, test } from 'vitest';
import { addLinkMessage } from '../../../src/kernel/netlink/link.ts';
import { encodeMessage } from '../../../src/kernel/netlink/message.ts';
import type { AddLink } from '../../../src/model/instruction.ts';
import type { LinkKind } from '../../../src/model/link-kind.ts';
import { checkLab } from '../../../src/registry/checks.ts';
import { shellLines } from '../../../src/registry/instructions.ts';
import { linkKinds } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { labOf, said } from '../lab/resolve-lab.ts';
import { contextWith, created, kindOf, linkLive, linksOf, liveWith, MARK, operationOf, spoken } from './fixture.ts';

const kind = kindOf('macvlan');
const link = linkKinds.get('macvlan') as LinkKind;

/** Two namespaces on a cable; `services` is what `red` has on its end of it. */
const redAndBlue = (services: string, eth0 = '10.0.0.1/24') =>
  labOf(`
namespaces:
  red: { interfaces: { eth0: ${eth0}, ${services} } }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`);

const onHost = labOf(`
namespaces:
  red: { interfaces: { mac0: { macvlan: { parent: "host:eth1", mode: private }, address: 10.0.0.1/24 } } }
`);

describe('a macvlan', () => {
  test('is on the LAN of its parent, and goes with it', () => {
    const lab = redAndBlue('mac0: { macvlan: { parent: eth0 }, address: 10.0.0.3/24 }');
    expect(said(lab)).toEqual([]);
    expect(lab.lans.map(({ members }) => members.map(({ dev }) => dev))).toEqual([['eth0', 'eth0', 'mac0']]);
    expect(kind.compile(lab)).toMatchObject([
      {
        ...{ id: 'macvlan:red/mac0', dependsOn: ['netns:red', 'veth:red/eth0'], within: ['veth:red/eth0'] },
        spec: { parent: 'eth0', mode: 'bridge', mtu: 1500, master: null },
      },
    ]);
  });

  test('over a link of the machine is made there, and put into its namespace', () => {
    const [resource] = kind.compile(onHost);
    if (!resource) throw new Error('no macvlan');
    expect(resource).toMatchObject({ within: ['netns:red'], spec: { parent: 'host:eth1', mode: 'private' } });
    const [[add]] = kind.instructions(created(resource), 'make', contextWith()) as [[AddLink]];
    expect(add).toMatchObject({ netns: 'red', lower: { netns: 'host', name: 'eth1' } });
    expect(shellLines(add)).toEqual([
      `ip link add link eth1 name mac0 netns red address ${add.mac} mtu 1500 group 20038 type macvlan mode private`,
    ]);
    expect(spoken(kind.describe(created(resource)))).toEqual([
      '+ red macvlan mac0 on host:eth1, mode private, mtu 1500',
    ]);
    expect(kind.query(resource, contextWith())).toEqual(['red', 'host'].map((netns) => ({ need: 'namespace', netns })));
  });

  test('is replaced when its parent or its mode is another', () => {
    const [resource] = kind.compile(onHost);
    if (!resource) throw new Error('no macvlan');
    const there = { name: 'mac0', kind: 'macvlan', mac: String(resource.spec['mac']), alias: MARK };
    const seen = (options: { readonly parent: string; readonly mode: string } | null) =>
      kind.observe(liveWith({ red: { links: linksOf(linkLive({ ...there, options })) } }), resource, contextWith())
        .spec;
    expect(seen({ parent: 'host:eth1', mode: 'private' })).toEqual(resource.spec);
    const moved = seen({ parent: 'host:eth2', mode: 'private' }) ?? {};
    const replace = operationOf('replace', resource, { before: moved, after: resource.spec });
    expect(spoken(kind.describe(replace))).toEqual(['± red macvlan mac0 parent is immutable: replaced']);
    expect(kind.isCreatable?.(seen(null) ?? {})).toBe(false);
  });

  test('in mode passthru has the MAC of its parent, whatever that is', () => {
    const lab = redAndBlue('mac0: { macvlan: { parent: eth0, mode: passthru } }', 'none');
    expect(said(lab)).toEqual([]);
    expect(lab.links).toMatchObject([{ mac: '' }]);
    const written = redAndBlue('mac0: { macvlan: { parent: eth0, mode: passthru }, mac: "02:00:00:00:00:09" }', 'none');
    expect(said(written)).toEqual(['bad-value: red:mac0 has the MAC of its parent, and no other']);
  });

  test('in mode passthru is no duplicate of another one, each with the MAC of its own parent', () => {
    const text = `
version: 1
name: two
namespaces:
  red:
    interfaces:
      a: { macvlan: { parent: "host:eth1", mode: passthru } }
      b: { macvlan: { parent: "host:eth2", mode: passthru } }
`;
    const { topology } = loadTopology(text, { file: 'two.yaml', vars: {}, varFile: null });
    if (!topology) throw new Error('no topology');
    expect(checkLab(topology, elaborateTopology(topology, {}))).toEqual([]);
  });

  test.each([
    ['mac0: { macvlan: { parent: mac0 } }', 'red:mac0 cannot be its own parent'],
    ['mac0: { macvlan: { parent: lo } }', 'lo has no frames to share'],
    ['a: { macvlan: { parent: eth0 } }, b: { macvlan: { parent: a } }', 'the parent a is a macvlan itself'],
    [
      'a: { macvlan: { parent: eth0, mode: passthru } }, b: { macvlan: { parent: eth0 } }',
      'red:a and red:b share eth0, but passthru takes it for one alone',
    ],
    ['mac0: { macvlan: { parent: eth9 } }', 'red has no link eth9'],
  ])('needs a parent that can have it: %s', (services, message) => {
    expect(said(redAndBlue(services)).join('\n')).toContain(message);
  });

  test('is encoded with its parent in IFLA_LINK and its mode in IFLA_INFO_DATA', () => {
    const add: AddLink = {
      ...{ do: 'link.add', netns: 'red', name: 'mac0', kind: 'macvlan', mac: '', mtu: null, group: 7, master: null },
      ...{ lower: { netns: 'host', name: 'eth1' }, options: { parent: 'host:eth1', mode: 'passthru' }, peer: null },
    };
    const references = { master: null, lower: 5, peerNetns: null, ownNetns: 9 };
    expect(
      encodeMessage(addLinkMessage(add, link, references), 0, 0)
        .subarray(32)
        .toString('hex'),
    ).toBe(
      [
        '09000300' + '6d61633000000000', // IFLA_IFNAME mac0
        '08001b00' + '07000000', // IFLA_GROUP 7
        '08000500' + '05000000', // IFLA_LINK 5
        '08001c00' + '09000000', // IFLA_NET_NS_FD 9
        '1c001280', // IFLA_LINKINFO
        '0c000100' + '6d6163766c616e00', // IFLA_INFO_KIND macvlan
        '0c000280' + '08000100' + '08000000', // IFLA_INFO_DATA { IFLA_MACVLAN_MODE MACVLAN_MODE_PASSTHRU }
      ].join(''),
    );
  });
});
