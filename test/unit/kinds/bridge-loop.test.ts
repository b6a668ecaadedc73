import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkLab } from '../../../src/registry/checks.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { repository } from '../../support/machine.ts';

const warnings = (text: string): readonly string[] => {
  const { topology, diagnostics } = loadTopology(text, { file: 'lab.yaml', vars: {}, varFile: null });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (topology === null) throw new Error('no topology');
  return checkLab(topology, elaborateTopology(topology, {}))
    .filter(({ check }) => check === 'bridge-loop')
    .map(({ message, severity }) => `${severity}: ${message}`);
};

/** Three nodes with a bridge each; `links` are what else each has. */
const nodes = (links: readonly string[], bridge = 'br0: {}'): string => `version: 1
name: loop
bridges: { underlay: { subnet: 192.168.1.0/24, gateway: none } }
namespaces:
${links
  .map(
    (own, i) =>
      `  ${'abc'[i]}: { bridges: { ${bridge} }, interfaces: { eth0: { bridge: underlay, address: 192.168.1.${i + 1} }${own} } }`,
  )
  .join('\n')}
`;

const tunnel = (name: string, id: number, remote: string): string =>
  `, ${name}: { bridge: br0, vxlan: { id: ${id}, remote: ${remote} } }`;

const MESH = [
  tunnel('vx-b', 1, 'b') + tunnel('vx-c', 2, 'c'),
  tunnel('vx-a', 1, 'a') + tunnel('vx-c', 3, 'c'),
  tunnel('vx-a', 2, 'a') + tunnel('vx-b', 3, 'b'),
];

test('a mesh of tunnels between three bridges is drawn as the loop that it is', () => {
  const [drawn, ...more] = warnings(nodes(MESH));
  expect(more).toEqual([]);
  const pattern =
    /^warning: a loop without spanning tree: ([abc]:br0) — vx-[abc] — [abc]:br0 — vx-[abc] — [abc]:br0 — vx-[abc] — \1$/;
  expect(drawn).toMatch(pattern);
  expect(new Set(drawn?.match(/[abc]:br0/g)).size).toBe(3);
});

test('a chain of tunnels, a mesh in which one bridge runs the spanning tree protocol, and one with a link down are none', () => {
  const [a = '', b = ''] = MESH;
  expect(warnings(nodes([a, b.replace(tunnel('vx-c', 3, 'c'), ''), tunnel('vx-a', 2, 'a')]))).toEqual([]);
  expect(warnings(nodes(MESH).replace('br0: {}', 'br0: { stp: true }'))).toEqual([]);
  expect(warnings(nodes(MESH).replace('id: 3, remote: c } }', 'id: 3, remote: c }, state: down }'))).toEqual([]);
});

test('vxlans with several remotes make no loop among themselves, but one with a cable beside them', () => {
  const each = [tunnel('vx0', 1, '[b, c]'), tunnel('vx0', 1, '[a, c]'), tunnel('vx0', 1, '[a, b]')];
  expect(warnings(nodes(each))).toEqual([]);
  const beside = each.map((own, i) => (i < 2 ? `${own}, p0: { bridge: br0 }` : own));
  expect(warnings(`${nodes(beside)}links: [ "a:p0 -- b:p0" ]\n`)).toEqual([
    'warning: a loop without spanning tree: b:br0 — vx0 — a:br0 — p0 — b:br0',
  ]);
});

test('cables between two bridges, and from a bridge to itself, are loops; several on one LAN are one warning', () => {
  const text = (links: string) => `version: 1
name: loop
namespaces:
  a: { bridges: { br0: {} }, interfaces: { p1: { bridge: br0 }, p2: { bridge: br0 }, p3: { bridge: br0 } } }
  b: { bridges: { br0: {} }, interfaces: { q1: { bridge: br0 }, q2: { bridge: br0 }, q3: { bridge: br0 } } }
links: [ ${links} ]
`;
  expect(warnings(text('"a:p1 -- b:q1", "a:p2 -- b:q2", "a:p3 -- b:q3"'))).toEqual([
    'warning: a loop without spanning tree: a:br0 — p2 — b:br0 — q1 — a:br0, and 1 more loop on this LAN',
  ]);
  expect(warnings(text('"a:p1 -- a:p2", "a:p3 -- b:q1", "b:q2 -- b:q3"'))).toEqual([
    'warning: a loop without spanning tree: a:br0 — p1 — a:br0, and 1 more loop on this LAN',
  ]);
});

test('no example has one', () => {
  for (const folder of ['', 'ipv6/', 'dual-stack/']) {
    for (const name of readdirSync(`${repository}topologies/${folder}`).filter((one) => one.endsWith('.yaml')))
      expect(warnings(readFileSync(`${repository}topologies/${folder}${name}`, 'utf8')), name).toEqual([]);
  }
});
