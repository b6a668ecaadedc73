import { describe, expect, test } from 'vitest';
import type { AddLink, Instruction } from '../../../src/model/instruction.ts';
import type { LinkKind } from '../../../src/model/link-kind.ts';
import { parseNestedAttributes } from '../../../src/net/netlink-attributes.ts';
import { shellLines } from '../../../src/registry/instructions.ts';
import { linkKinds } from '../../../src/registry/kinds.ts';
import { labOf, said } from '../lab/resolve-lab.ts';
import { contextWith, created, kindOf, operationOf, spoken } from './fixture.ts';

const kind = kindOf('ipvlan');
const link = linkKinds.get('ipvlan') as LinkKind;

const onHost = labOf(`
namespaces:
  red: { interfaces: { ip0: { ipvlan: { parent: "host:eth1", mode: l2 }, address: 10.0.0.1/24 } } }
`);
const [resource] = kind.compile(onHost);
if (!resource) throw new Error('no ipvlan');

describe('an ipvlan', () => {
  test('over a link of the machine is made there, with its MAC', () => {
    expect(onHost.links).toMatchObject([{ mac: '', options: { parent: 'host:eth1', mode: 'l2', flag: 'bridge' } }]);
    const [[add]] = kind.instructions(created(resource), 'make', contextWith()) as [[AddLink]];
    expect(shellLines(add)).toEqual([
      'ip link add link eth1 name ip0 netns red mtu 1500 group 20038 type ipvlan mode l2 bridge',
    ]);
    expect(spoken(kind.describe(created(resource)))).toEqual(['+ red ipvlan ip0 on host:eth1, mode l2, mtu 1500']);
  });

  test('changes its mode in place, and is replaced for another parent', () => {
    const l3 = { ...resource.spec, mode: 'l3' };
    const update = operationOf('update', resource, { before: l3, after: resource.spec });
    const [[set]] = kind.instructions(update, 'make', contextWith()) as [[Instruction]];
    expect(shellLines(set)).toEqual(['ip -n red link set dev ip0 type ipvlan mode l2']);
    const before = { ...resource.spec, parent: 'host:eth2' };
    const replace = operationOf('replace', resource, { before, after: resource.spec });
    expect(spoken(kind.describe(replace))).toEqual(['± red ipvlan ip0 parent is immutable: replaced']);
  });

  test('is decoded; flags that the language lacks make it another link', () => {
    const decode = (hex: string) =>
      link.netlink.decode(parseNestedAttributes(Buffer.from(hex, 'hex')), {
        lower: 'eth0',
        nameOf: () => null,
        accountOf: (_of, id) => String(id),
      });
    expect(decode('0600010001000000' + '0600020002000000')).toMatchObject({
      options: { parent: 'eth0', mode: 'l3', flag: 'vepa' },
      unknown: [],
    });
    expect(decode('0600010000000000' + '0600020004000000')).toMatchObject({
      options: null,
      unknown: [{ name: 'flags', value: '4' }],
    });
  });

  test.each([
    ['a: { ipvlan: { parent: a } }', 'red:a cannot be its own parent'],
    [
      'a: { ipvlan: { parent: eth0, mode: l2 } }, b: { ipvlan: { parent: eth0 } }',
      'red:a and red:b share eth0, whose mode all links on it have, but say l2 and l3',
    ],
    [
      'a: { ipvlan: { parent: eth0 } }, b: { macvtap: { parent: eth0 } }',
      'red:a and red:b share eth0, whose frames one kind of link alone can take',
    ],
    ['a: { ipvlan: { parent: eth0 } }, b: { ipvlan: { parent: a } }', 'the parent a is an ipvlan itself'],
  ])('needs a parent that can have it: %s', (links, message) => {
    const lab = labOf(`
namespaces:
  red: { interfaces: { eth0: 10.0.0.1/24, ${links} } }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`);
    expect(said(lab).join('\n')).toContain(message);
  });
});
