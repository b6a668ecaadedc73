import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';

const name = fc.constantFrom('a', 'b', 'host', 'nobody');
const link = fc.constantFrom('eth0', 'eth1', 'sw', 'lo', 'none-such');
const address = fc.constantFrom(
  '10.0.0.1',
  '10.0.0.3/24',
  '10.0.0.255/30',
  'fd00::1',
  'fe80::1',
  '127.0.0.1',
  '10.9.0.0/16',
);
const bridge = fc.constantFrom('sw', 'a:sw', 'host:sw', 'nobody:sw', 'other');
const ref = fc.oneof(
  name,
  fc.tuple(name, link).map(([netns, dev]) => `${netns}:${dev}`),
);
const target = fc.oneof(ref, address);
const some = { maxLength: 3 } as const;

const entry = fc.record(
  {
    bridge,
    address: fc.oneof(address, fc.constant('none')),
    existing: fc.boolean(),
    gateway: fc.boolean(),
    state: fc.constantFrom('up', 'down'),
  },
  { requiredKeys: [] },
);
const route = fc.record(
  {
    to: fc.oneof(fc.constant('default'), target),
    via: fc.oneof(target, fc.array(target, { minLength: 1, ...some })),
    dev: link,
    src: address,
  },
  { requiredKeys: ['to'] },
);
const common = {
  interfaces: fc.dictionary(link, entry, { maxKeys: 3 }),
  forwarding: fc.boolean(),
  rules: fc.array(fc.record({ from: address, iif: link, table: fc.constant(100) }, { requiredKeys: ['table'] }), some),
  sysctls: fc.dictionary(fc.constantFrom('net.ipv4.ip_forward', 'net.ipv4.conf.eth0.rp_filter'), fc.constantFrom(0, 1)),
};
const services = {
  bridges: fc.dictionary(
    fc.constantFrom('sw', 'eth0'),
    fc.record(
      { subnet: fc.constantFrom('10.0.0.0/30', 'fd00::/64', 'pool', 'nothing'), address, gateway: target },
      { requiredKeys: [] },
    ),
  ),
  routes: fc.array(route, some),
  nat: fc.array(
    fc.record({ masquerade: fc.constantFrom('any', 'sw', 'pool', 'nothing', '10.0.0.0/24'), out: link }),
    some,
  ),
  portForwards: fc.array(
    fc.tuple(fc.constantFrom('80', '80-82', '[fd00::1]:53/udp'), target).map(([listen, to]) => `${listen} -> ${to}`),
    some,
  ),
};
const file = fc.record(
  {
    ...services,
    subnets: fc.constant({ pool: { cidr: '10.0.0.0/30', gateway: 'a' } }),
    namespaces: fc.dictionary(fc.constantFrom('a', 'b'), fc.record({ ...common, ...services }, { requiredKeys: [] })),
    links: fc.array(
      fc.tuple(ref, ref).map(([left, right]) => `${left} -- ${right}`),
      some,
    ),
    host: fc.record(common, { requiredKeys: [] }),
    dns: fc.record({
      hosts: fc.dictionary(fc.constantFrom('x', 'y'), target),
      nameservers: fc.array(target, { minLength: 1, ...some }),
    }),
  },
  { requiredKeys: [] },
);

test('whatever a file says, elaboration ends, and every mistake comes with a remedy', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(file, (content) => {
      const text = JSON.stringify({ version: 1, name: 'any', ...content });
      const { topology } = loadTopology(text, { file: 'any.yaml', vars: {}, varFile: null });
      if (!topology) throw new Error('the generator writes files that cannot be read');
      const lab = elaborateTopology(topology, { 'a/eth0': ['10.0.0.2/30', 'nonsense'], 'host/lo': ['127.0.0.1/8'] });
      expect(lab.problems.filter(({ hint, at }) => hint === null || at === null)).toEqual([]);
      const links = new Set(lab.cables.flatMap(({ ends }) => ends.map(({ netns, name }) => `${netns}/${name}`)));
      for (const one of lab.bridges) links.add(`${one.netns}/${one.name}`);
      for (const { name } of lab.existing) links.add(`host/${name}`);
      const homeless = lab.addresses.filter(({ netns, dev }) => dev !== 'lo' && !links.has(`${netns}/${dev}`));
      expect(homeless).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
