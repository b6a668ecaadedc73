import { expect, test } from 'vitest';
import { nameFilesOf } from '../../../src/features/names/name-files.ts';
import { defineNftPart } from '../../../src/kinds/nft/part.ts';
import { nftScriptOf } from '../../../src/kinds/nft/script.ts';
import { nftParts } from '../../../src/registry/features.ts';
import { compileLab } from '../../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';

const TEXT = `
version: 1
name: registers
bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: 10.1.0.2 } }, publish: ["8080:80"] }
nat: [{ masquerade: lan }]
portForwards: [{ listen: 53/udp, to: red }]
`;

function labOf(text: string) {
  const { topology, diagnostics } = loadTopology(text, { file: 'lab.yaml', vars: {}, varFile: null });
  if (topology === null || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return elaborateTopology(topology, {});
}

const lab = labOf(TEXT);

test('each feature adds to the registers, in the order of the features', () => {
  expect(lab.nft.map(({ netns, part, at }) => [netns, part, at.join('.')])).toEqual([
    ['host', 'nat', 'nat.0'],
    ['host', 'forwards', 'portForwards.0'],
    ['host', 'forwards', 'namespaces.red.publish.0'],
  ]);
  expect(lab.ports.map(({ ports, protocols, use }) => [ports.first, protocols, use])).toEqual([
    [53, ['udp'], 'forwarded to red'],
    [8080, ['tcp'], 'forwarded to red'],
  ]);
  expect(lab.sysctls.map(({ key, reason }) => [key, reason])).toEqual([
    ['net/ipv4/ip_forward', 'nat and portForwards and publish'],
    ['net/ipv4/conf/lan/route_localnet', 'localhost of portForwards'],
  ]);
  expect(lab.cables[0]?.ends.map(({ hairpin }) => hairpin)).toEqual([false, true]);
});

test('what a feature keeps for itself is found by its own accessor', () => {
  expect(Object.keys(lab.features)).toEqual(['services', 'names']);
  expect(nameFilesOf(lab).map(({ netns }) => netns)).toEqual(['red']);
  expect(nameFilesOf({ ...lab, features: {} })).toEqual([]);
});

test('the table of a namespace has one field per part, as recorded states have', () => {
  const tables = compileLab(lab).filter(({ kind }) => kind === 'nft');
  expect(tables.map(({ id, spec }) => [id, Object.keys(spec)])).toEqual([
    ['nft:host/netform_registers', ['netns', 'table', 'nat', 'forwards', 'altered']],
  ]);
});

test('another part moves no rule of those that are there', () => {
  const toy = defineNftPart<{ readonly port: number }>({
    name: 'toy',
    statements: (rules) => ({
      elements: [],
      rules: { guard: rules.map(({ port }) => `tcp dport ${port} drop`), srcnat: rules.map(() => 'counter') },
    }),
    describe: { noun: 'toy', key: ({ port }) => String(port), title: () => '', text: () => '' },
    equivalent: { keys: () => [], found: () => [] },
    staleConntrack: () => [],
  });
  const [table] = compileLab(lab).filter(({ kind }) => kind === 'nft');
  const spec = { ...table?.spec, netns: 'host', table: 'netform_registers', altered: [] };
  const linesOf = (toys: readonly { readonly port: number }[]): readonly string[] =>
    nftScriptOf([...nftParts, toy])({ ...spec, toy: toys }, 'netform:v1:registers:01234567').split('\n');
  const before = nftScriptOf(nftParts)(spec, 'netform:v1:registers:01234567').split('\n');
  expect(linesOf([])).toEqual(before);
  const after = linesOf([{ port: 7 }]);
  expect(after.filter((line) => !line.includes('dport 7') && !line.includes('counter'))).toEqual(before);
  expect(after).toHaveLength(before.length + 2);
});
