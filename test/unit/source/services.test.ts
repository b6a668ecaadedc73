import { describe, expect, test } from 'vitest';
import { labDns } from '../../../src/features/names/topology.ts';
import { bare, mistakes, red, topologyOf } from './load-topology.ts';

const features = (body: string) => red(body)['features'] as Record<string, unknown>;
const forwards = (body: string) => features(body)['port-forwards'] as Record<string, unknown>;

test('nat', () => {
  const nat = (body: string) => (features(`nat: [${body}]`)['nat'] as readonly unknown[])[0];
  expect(nat('{ masquerade: v-net-0 }')).toEqual({
    kind: 'masquerade',
    from: [{ name: 'v-net-0', part: null }],
    out: null,
    exceptTo: [],
    as: null,
  });
  expect(nat('{ masquerade: [any, 10.0.0.0/8], out: e, exceptTo: pods }')).toMatchObject({
    from: [{ any: true }, { prefix: '10.0.0.0/8' }],
    out: 'e',
    exceptTo: [{ name: 'pods' }],
  });
  expect(nat('{ snat: a, as: "203.0.113.5:10-20" }')).toMatchObject({
    kind: 'snat',
    as: { address: '203.0.113.5', ports: { first: 10, last: 20 } },
  });
  expect(nat('{ snat: a, as: "[2001:DB8::5]:7" }')).toMatchObject({
    as: { address: '2001:db8::5', ports: { first: 7, last: 7 } },
  });
  expect(nat('{ snat: a, as: "2001:db8::5" }')).toMatchObject({ as: { address: '2001:db8::5', ports: null } });
});

describe('forwards', () => {
  const one = (first: number, last = first) => ({ first, last });
  test.each([
    [
      '"80 -> blue:80"',
      { address: null, ports: one(80), protocols: ['tcp'] },
      { target: { ref: { name: 'blue', part: null } }, ports: one(80) },
    ],
    ['"80->blue:eth1"', { ports: one(80) }, { target: { ref: { name: 'blue', part: 'eth1' } }, ports: null }],
    [
      '"[FD00::1]:443/tcp -> [fd00::2]:8443"',
      { address: 'fd00::1', ports: one(443) },
      { target: { address: 'fd00::2' }, ports: one(8443) },
    ],
    ['"443 -> fd00::2"', { address: null }, { target: { address: 'fd00::2' }, ports: null }],
    [
      '{ listen: 53/tcp+udp, to: 10.1.1.10 }',
      { ports: one(53), protocols: ['tcp', 'udp'] },
      { target: { address: '10.1.1.10' }, ports: null },
    ],
    [
      '{ listen: 80, to: "blue:eth1:8080-8090" }',
      { ports: one(80) },
      { target: { ref: { name: 'blue', part: 'eth1' } }, ports: one(8080, 8090) },
    ],
    [
      '{ listen: "0.0.0.0:1000-1010/UDP", to: blue }',
      { address: null, ports: one(1000, 1010), protocols: ['udp'] },
      { ports: null },
    ],
  ])('parses the forward %s', (body, listen, to) => {
    expect(forwards(`portForwards: [${body}]`)['portForwards']).toMatchObject([{ listen, to: [to] }]);
  });

  test.each([
    ['{ listen: 8000-8009, to: [red, blue] }', 'bad-port: a range of ports is forwarded to several targets'],
    ['{ listen: 80, to: [red, { to: blue, weight: 257 }] }', 'bad-value: "weight" must be from 1 to 256, not 257'],
  ])('several targets: %s is wrong', (body, words) => {
    expect(mistakes(`portForwards: [${body}]`)).toEqual([expect.stringContaining(words)]);
  });

  test.each([
    ['8080:80', { address: null, hostPorts: one(8080), ports: one(80), protocols: ['tcp'] }],
    ['127.0.0.1:8080:80/udp', { address: '127.0.0.1', hostPorts: one(8080), ports: one(80), protocols: ['udp'] }],
    ['[::1]:80:81/sctp', { address: '::1', hostPorts: one(80), ports: one(81), protocols: ['sctp'] }],
    ['8000-8010:90-100', { hostPorts: one(8000, 8010), ports: one(90, 100) }],
  ])('publish %s', (text, expected) => {
    expect(forwards(`publish: ["${text}"]`)['publish']).toMatchObject([expected]);
  });
});

test('dns: what is not written is null, one is a list of one', () => {
  expect(bare(labDns(topologyOf('')))).toEqual({
    names: null,
    hosts: null,
    domain: null,
    search: null,
    nameservers: null,
    options: null,
    order: null,
  });
  expect(
    features(
      'dns: { names: false, hosts: { web: [blue, 10.0.0.1] }, search: lab.test, nameservers: dns1, options: ndots:2, order: [files, "[NOTFOUND=return]", dns] }',
    )['names'],
  ).toEqual({
    names: false,
    hosts: [{ name: 'web', to: [{ ref: { name: 'blue', part: null } }, { address: '10.0.0.1' }] }],
    domain: null,
    search: ['lab.test'],
    nameservers: [{ ref: { name: 'dns1', part: null } }],
    options: ['ndots:2'],
    order: ['files', '[NOTFOUND=return]', 'dns'],
  });
});

test('a port of endpoints by its name is for services that translate', () => {
  // Without namespaces of its own, as beside an include, it is a topology all the same.
  const of = (text: string) => mistakes(`services: { web: { to: red, ports: [${text}] } }`);
  for (const text of ['"80:http"', '"80:8080-tcp/udp"']) expect(of(text)).toEqual([]);
  for (const text of ['"http"', '"80:http:8"', '"80:-x"', '"80:a b"']) expect(of(text)).toHaveLength(1);
  const headless = 'services: { web: { to: red, ports: ["80:http"], clusterIP: none } }';
  expect(mistakes(headless)).toEqual([expect.stringContaining('translates no port to "http"')]);
});
