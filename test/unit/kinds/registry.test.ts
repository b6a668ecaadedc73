import { expect, test } from 'vitest';
import { sysctlName } from '../../../src/model/ids.ts';
import { compileLab, kinds } from '../../../src/registry/kinds.ts';
import { growthOfCalls } from '../../support/count-calls.ts';
import { bridgeOf, cableOf, endOf, labWith } from './fixture.ts';

/** One bridge, and namespaces with a port, an address, a default route and names each. */
function star(count: number) {
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  const at = ['namespaces'];
  const gateway = { via: '10.0.0.1', dev: 'eth0', weight: 1, onlink: false };
  return labWith({
    namespaces: names.map((name) => ({ name, at, sysctls: { 'net/ipv4/ip_forward': '0' }, forwardingFor: null })),
    bridges: [bridgeOf('host', 'br0')],
    cables: names.map((name) => cableOf(endOf(name, 'eth0'), endOf('host', `p-${name}`, { master: 'br0' }))),
    addresses: names.map((netns, i) => {
      return { netns, dev: 'eth0', prefixes: [`10.0.${i >> 8}.${i & 255}/16`], automatic: [], at };
    }),
    routes: names.map((netns) => ({
      ...{ netns, to: '0.0.0.0/0', type: 'unicast', hops: [gateway], src: null, metric: 0, table: 254, mtu: null, at },
      implied: true,
    })),
    lans: [
      {
        ...{ label: 'br0', bridge: null, subnets: [], gateways: [], at },
        members: names.map((netns) => ({ netns, dev: 'eth0', prefixes: [], at })),
      },
    ],
    features: {
      names: names.map((netns) => ({
        ...{ netns, hosts: [], machine: null, search: [], nameservers: [], options: [], order: null, at },
      })),
    },
  });
}

test('every id is there once, and everything needed is made', () => {
  const resources = compileLab(star(50));
  const ids = new Set(resources.map(({ id }) => id));
  expect(ids.size).toBe(resources.length);
  expect(resources.length).toBe(1 + 50 * 5);
  expect(resources.flatMap(({ dependsOn, within }) => [...dependsOn, ...within]).filter((id) => !ids.has(id))).toEqual(
    [],
  );
  expect(resources.every(({ kind, id }) => kinds.has(kind) && id.startsWith(`${kind}:`))).toBe(true);
});

test('specs are plain JSON', () => {
  const specs = compileLab(star(2)).map(({ spec }) => spec);
  expect(JSON.parse(JSON.stringify(specs))).toEqual(specs);
});

test('compiles ten times as many namespaces with ten times as many calls', async () => {
  const compiling = (count: number) => {
    const lab = star(count);
    return () => compileLab(lab);
  };
  expect(await growthOfCalls(compiling, { few: 100, many: 1000 })).toBeLessThan(1.3);
});

test('a dot in the name of a device is not a dot of the key', () => {
  expect(sysctlName('net/ipv4/conf/eth0.10/forwarding')).toBe('net.ipv4.conf.eth0/10.forwarding');
});
