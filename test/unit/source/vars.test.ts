import { expect, test } from 'vitest';
import { netnsDns } from '../../../src/features/names/topology.ts';
import { loadTopology } from '../../../src/registry/language.ts';
import { HEAD, load, said, topologyOf } from './load-topology.ts';

test('a variable alone keeps its type, inside text it is the text as written', () => {
  const topology = topologyOf(`vars: { n: 1400, up: true, v: 1.10, word: blue }
namespaces:
  red: { forwarding: "\${up}", interfaces: { eth0: { bridge: "br-\${word}-\${v}", mtu: "\${n}" } } }
bridges: { br-blue-1.10: {} }
`);
  const [red] = topology.namespaces;
  expect(red?.forwarding?.value).toBe(true);
  expect(red?.interfaces[0]?.mtu?.value).toBe(1400);
  expect(red?.interfaces[0]?.bridge?.value.name).toBe('br-blue-1.10');
});

test('the command line wins over the var-file, which wins over vars', () => {
  const text = `${HEAD}vars: { a: x, b: x, c: x, d: "\${c}-\${b}" }\nnamespaces: { red: { dns: { search: ["\${a}", "\${b}", "\${c}", "\${d}"] } } }`;
  const varFile = { name: 'v.yaml', text: 'a: file\nb: file\nother: 1\n' };
  const { topology, diagnostics } = loadTopology(text, { file: 'f', vars: { a: 'line' }, varFile });
  const red = topology?.namespaces[0];
  expect(diagnostics).toEqual([]);
  expect(red && netnsDns(red)?.search).toEqual(['line', 'file', 'x', 'x-file']);
});

test('values of the command line are typed only when that is sure', () => {
  const mtu = (value: string) =>
    load(`${HEAD}namespaces: { red: { interfaces: { eth0: { mtu: "\${m}" } } } }`, { m: value }).topology?.namespaces[0]
      ?.interfaces[0]?.mtu?.value;
  expect(mtu('1400')).toBe(1400);
  expect(mtu('0400')).toBeUndefined();
});

test('a doubled dollar is a plain one', () => {
  const { topology } = load(`${HEAD}cni: { a: { cniVersion: 1.0.0, plugins: [{ type: x, arg: "$\${HOME}" }] } }`);
  expect(topology?.files[0]?.content['plugins']).toEqual([{ type: 'x', arg: `\${HOME}` }]);
});

test('an unknown variable is one mistake, at its place', () => {
  const { diagnostics, locate, topology } = load(
    `${HEAD}vars: { uplink: eth0 }\nnat:\n  - { masquerade: any, out: "x\${uplnk}" }\nbridges: { a: "\${nothing}" }`,
  );
  expect(topology).toBeNull();
  expect(diagnostics.map((one) => [one.message, one.hint, one.at && locate(one.at)])).toEqual([
    ['there is no variable "uplnk"', 'did you mean "uplink"?', { line: 5, column: 31, length: 8 }],
    [
      'there is no variable "nothing"',
      'declare it under vars, or give it with --var nothing=…',
      { line: 6, column: 16, length: 10 },
    ],
  ]);
});

test('a variable that does not end, one that nobody reads, one of a wrong type', () => {
  expect(said(load(`${HEAD}bridges: { a: "\${x" }`))).toEqual([
    `3:16 unknown-variable: a variable begins here and does not end = write \${name}, or $\${ for a plain \${`,
  ]);
  expect(said(load(`${HEAD}vars: { uplink: eth0 }`, { uplnk: 'ens3' }))).toEqual([
    'unknown-variable: --var uplnk: the file has no variable of that name = did you mean "uplink"?',
  ]);
  expect(
    said(load(`${HEAD}vars: { list: [1] }\nbridges: { a: "\${list}" }`)).filter((one) => one.includes('list')),
  ).toHaveLength(1);
});

test('mistakes of the var-file say where they are', () => {
  const load = (text: string) =>
    loadTopology(HEAD, { file: 'f', vars: {}, varFile: { name: 'v.yaml', text } }).diagnostics;
  expect(load('a: 1\na: 2').map((one) => one.message)).toEqual(['v.yaml:2:1: "a" is written twice']);
  expect(load('a: [1]').map((one) => one.message)).toEqual(['v.yaml:1:1: the variable "a" must be a single value']);
  expect(load('- a').map((one) => one.message)).toEqual(['v.yaml:1:1: a var-file is a map of names to values']);
});

test('the rendered text is the same topology without any variable from outside', () => {
  const text = `# kept
version: 1
name: lab
vars: { up: eth0, both: "\${up}-\${given}" }
cni: { a: { cniVersion: 1.0.0, plugins: [{ type: x, arg: "$\${HOME} \${up}" }, &p { type: "\${up}" }, *p] } }
namespaces:
  red:
    dns:
      search:
        - \${both}
        - >-
          \${up}.test
    interfaces: { eth0: { mtu: "\${n}" } } # kept too
`;
  const first = load(text, { given: 'y', n: '1400' });
  expect(said(first)).toEqual([]);
  const again = load(first.rendered);
  expect(said(again)).toEqual([]);
  expect(again.topology).toEqual(first.topology);
  expect(again.rendered).toBe(first.rendered);
  expect(first.rendered.match(/kept/g)).toHaveLength(2);
});
