import { expect, test } from 'vitest';
import { loadTopology } from '../../../src/registry/language.ts';
import { diagnosticsText } from '../../../src/report/text/diagnostics.ts';
import { HEAD, load, said } from './load-topology.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: how the language itself writes it

/** What a body below the head says when everything in it is written out; its mistakes, if it has any. */
function expanded(body: string): unknown {
  const loaded = load(HEAD + body);
  if (loaded.diagnostics.length > 0) return said(loaded, 2);
  const { version, name, ...rest } = loaded.expanded ?? {};
  return rest;
}

const keys = (body: string): readonly string[] => {
  const { namespaces } = expanded(body) as { namespaces: Readonly<Record<string, unknown>> };
  return Object.keys(namespaces);
};

test.each([
  ['pc-{1..3}', ['pc-1', 'pc-2', 'pc-3']],
  ['pc-{08..11}', ['pc-08', 'pc-09', 'pc-10', 'pc-11']],
  ['pc-{a..c}', ['pc-a', 'pc-b', 'pc-c']],
  ['{red,blue}', ['red', 'blue']],
  ['{a..b}-{1..2}', ['a-1', 'a-2', 'b-1', 'b-2']],
  ['r{i:1..2}', ['r1', 'r2']],
  ['r{1..1}', ['r1']],
])('the range %s', (written, names) => {
  expect(keys(`namespaces: { "${written}": {} }`)).toEqual(names);
});

test('what stood there fills in the values below, the keys below and the items of lists', () => {
  expect(
    expanded(`vars: { site: lab }
bridges: { "lan-{1..2}": "10.\${n}.0.0/24" }
namespaces:
  "r{i:1..2}":
    interfaces: { "eth{0..1}": { bridge: "lan-\${n+1}" }, lo: "10.255.0.\${i}/32" }
    dns: { search: ["{a,b}.\${site}.test"] }
links: ["r{i:1..1}:right -- r\${i+1}:left"]
`),
  ).toEqual({
    bridges: { 'lan-1': '10.1.0.0/24', 'lan-2': '10.2.0.0/24' },
    namespaces: Object.fromEntries(
      [1, 2].map((i) => [
        `r${i}`,
        {
          interfaces: { eth0: { bridge: 'lan-1' }, eth1: { bridge: 'lan-2' }, lo: `10.255.0.${i}/32` },
          dns: { search: ['a.lab.test', 'b.lab.test'] },
        },
      ]),
    ),
    links: ['r1:right -- r2:left'],
  });
});

test('a range and a name that are the same are merged', () => {
  expect(expanded('namespaces: { "r{1..2}": { forwarding: true }, r2: { interfaces: { lo: 10.0.0.1/32 } } }')).toEqual({
    namespaces: { r1: { forwarding: true }, r2: { forwarding: true, interfaces: { lo: '10.0.0.1/32' } } },
  });
  expect(expanded('namespaces: { "r{1..2}": { forwarding: true }, r2: { forwarding: false } }')).toEqual([
    '1:66 duplicate-key: "namespaces.r2.forwarding" is written twice, with different values = keep one of them',
  ]);
});

test('a plugin, a command and a text are passed on as they are', () => {
  const plugin = '{ type: x, "k{1..2}": ["{a,b}"] }';
  expect(expanded(`cni: { a: { cniVersion: 1.0.0, plugins: [${plugin}] } }`)).toEqual({
    cni: { a: { cniVersion: '1.0.0', plugins: [{ type: 'x', 'k{1..2}': ['{a,b}'] }] } },
  });
});

test.each([
  ['namespaces: { "r{3..1}": {} }', '1:17 bad-value: the range {3..1} ends before it begins'],
  ['namespaces: { "r{a..a}-${n-1}": {} }', '1:24 unknown-variable: "a" is not a number, so n-1 has no value'],
  ['namespaces: { "r{0..1}-${n-1}": {} }', '1:24 unknown-variable: n-1 is -1, less than zero'],
  [
    'vars: { i: 1 }\nnamespaces: { "r{i:1..2}": {} }',
    '2:17 bad-name: the range "i" has the name of a variable = give one of them another name',
  ],
  [
    'namespaces: { "r{1..2}-{1..2}-${n}": {} }',
    '1:31 unknown-variable: there is no variable "n" = declare it under vars, or give it with --var n=…',
  ],
  ['links: ["r{i:1..2}:a -- r${j+1}:b"]', '1:26 unknown-variable: there is no variable "j" = did you mean "i"?'],
  [
    'namespaces: { "r{1..100000}": { forwarding: true } }',
    'file-limit: the ranges stand for more than 100000 values, the most that is read',
  ],
])('refuses %s', (body, mistake) => {
  expect([...new Set(said(load(HEAD + body), 2))]).toEqual([mistake]);
});

test('defaults are merged under what the file writes, for cables too', () => {
  expect(
    expanded(`defaults:
  namespace: { sysctls: { net.ipv4.ip_default_ttl: 32, net.ipv4.tcp_mtu_probing: 1 } }
  interface: { mtu: 1400, state: down }
bridges: { lan: 10.0.0.0/24 }
namespaces:
  a: { interfaces: { lo: 10.1.1.1/32, eth0: { bridge: lan, state: up }, eth1: 10.2.2.2/24 }, sysctls: { net.ipv4.ip_default_ttl: null } }
  b:
links: ["a:eth1 -- b:eth1", { ends: ["a:eth2", "b:eth2"], mtu: 9000 }]
`),
  ).toMatchObject({
    namespaces: {
      a: {
        interfaces: {
          lo: '10.1.1.1/32',
          eth0: { bridge: 'lan', state: 'up', mtu: 1400 },
          eth1: { address: '10.2.2.2/24', mtu: 1400, state: 'down' },
        },
        sysctls: { 'net.ipv4.tcp_mtu_probing': 1 },
      },
      b: {
        interfaces: { eth1: { mtu: 1400, state: 'down' } },
        sysctls: { 'net.ipv4.ip_default_ttl': 32, 'net.ipv4.tcp_mtu_probing': 1 },
      },
    },
  });
});

test('one mistake of a range is one message, at the place where it is written', () => {
  const loaded = load(`${HEAD}namespaces: { "r{1..50}": { interfaces: { lo: "10.300.0.\${n}/32" } } }`);
  const text = diagnosticsText(loaded.diagnostics, { ...loaded, file: 'lab.yaml' });
  expect(text.split('\n')[0]).toBe(
    'lab.yaml:3:47: 10.300.0.1/32 is not an address: 300 is more than 255 (and 49 more like it) [NF1013]',
  );
  expect(text.match(/NF1013/g)).toHaveLength(1);
});

test('what is kept of a file keeps its ranges, and reads as the same topology without variables from outside', () => {
  const text = `${HEAD}vars: { a: x }
bridges: { "lan-{1..2}-\${a}": "10.\${n}.\${given}.0/24" }
namespaces: { "r{i:1..2}": { dns: { search: ["\${a}-\${i}-$\${i}"] } } }
`;
  const first = load(text, { given: '7' });
  const again = loadTopology(first.rendered, { file: 'f', vars: {}, varFile: null });
  expect(first.rendered).toContain('{1..2}-x');
  expect(first.expanded).not.toBeNull();
  expect(again.expanded).toEqual(first.expanded);
  expect(JSON.stringify(again.expanded)).toContain('x-1-${i}');
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: how the language itself writes it
