import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { includeReader } from '../../../src/pipeline/topology/read-included.ts';
import { loadTopology } from '../../../src/registry/language.ts';
import { diagnosticsJson } from '../../../src/report/json/diagnostics.ts';
import { diagnosticsText } from '../../../src/report/text/diagnostics.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: how the language itself writes it

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netform-include-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const HEAD = 'version: 1\nname: t\n';

/** Loads a main file among others, which are written to the folder. */
function load(
  text: string,
  others: Readonly<Record<string, string>> = {},
  vars: Readonly<Record<string, string>> = {},
) {
  for (const [name, content] of Object.entries(others)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const readIncluded = includeReader(folder);
  return loadTopology(HEAD + text, { file: 'main.yaml', vars, varFile: null, folder, readIncluded });
}

/** What is printed about it. */
function said(...files: Parameters<typeof load>): string {
  const { topology, diagnostics, ...source } = load(...files);
  expect(topology).toBeNull();
  return diagnosticsText(diagnostics, { file: 'main.yaml', ...source, isWhole: true });
}

test('maps are merged, lists are joined with those of the included files first, and each is beside its includer', () => {
  const { expanded, diagnostics } = load(
    'include: [parts/base.yaml]\nnamespaces: { a: { forwarding: true } }\nlinks: ["a:x -- c:x"]',
    {
      'parts/base.yaml':
        'version: 1\ninclude: [more.yaml]\nnamespaces: { a: { interfaces: { lo: 10.0.0.1/32 } } }\nlinks: ["a:y -- b:y"]',
      'parts/more.yaml': 'namespaces: { b: {}, c: {} }\nlinks: ["b:z -- c:z"]',
    },
  );
  expect(diagnostics).toEqual([]);
  expect(expanded).toEqual({
    version: 1,
    name: 't',
    namespaces: { b: {}, c: {}, a: { interfaces: { lo: '10.0.0.1/32' }, forwarding: true } },
    links: ['b:z -- c:z', 'a:y -- b:y', 'a:x -- c:x'],
  });
});

test('a file has the variables of its entry, then those of its includer, then its own', () => {
  const part = 'vars: { n: 7, site: own, alone: yes-its }\nnamespaces: { "${site}-${n}-${alone}": {} }';
  const { expanded, diagnostics } = load(
    'vars: { site: east }\ninclude: [p.yaml, { file: p.yaml, vars: { n: 2 } }, { file: "${site}.yaml", vars: { site: west } }]',
    { 'p.yaml': part, 'east.yaml': 'namespaces: { "of-${site}": {} }' },
  );
  expect(diagnostics).toEqual([]);
  expect(Object.keys(Object(expanded?.['namespaces']))).toEqual(['east-7-yes-its', 'east-2-yes-its', 'of-west']);
});

test('--var may set a variable that only an included file has', () => {
  const part = { 'p.yaml': 'vars: { n: 1 }\nnamespaces: { "x${n}": {} }' };
  const { expanded, diagnostics } = load('include: [p.yaml]', part, { n: '5' });
  expect(diagnostics).toEqual([]);
  expect(expanded?.['namespaces']).toEqual({ x5: {} });
});

test('what is rendered is the same topology without any file, and changes with an included one', () => {
  const text = 'include: [p.yaml]\ndefaults: { interface: { mtu: 1400 } }\nnamespaces: { "a{1..2}": {} }';
  const first = load(text, {
    'p.yaml': 'namespaces: { a1: { interfaces: { lo: 10.0.0.1/32 } } }',
  });
  const again = loadTopology(first.rendered, { file: 'f', vars: {}, varFile: null });
  expect(again.diagnostics).toEqual([]);
  expect(again.expanded).toEqual(first.expanded);
  expect(load(text, { 'p.yaml': 'namespaces: { a1: {} }' }).rendered).not.toBe(first.rendered);
});

test('a mistake in an included file is shown there, with its line', () => {
  const part = { 'parts/p.yaml': '# one\nnamespaces:\n  red: { interfaces: { lo: 10.0.0.300/32 } }\n' };
  const { diagnostics, ...source } = load('include: [parts/p.yaml]\nlinks: []', part);
  const about = { file: 'main.yaml', ...source };
  expect(diagnosticsText(diagnostics, about)).toMatch(
    /^parts\/p\.yaml:3:28: .*\n {3}3 \| {3}red: \{ interfaces: \{ lo: 10\.0\.0\.300\/32 \} \}\n {5}\| +\^{13}\n/,
  );
  expect(diagnosticsJson(diagnostics, about)).toMatchObject([
    { file: 'parts/p.yaml', at: { line: 3, column: 28, length: 13 } },
  ]);
});

test('a single value in two files names both places', () => {
  expect(
    said('include: [p.yaml]\nbridges: { lan: { mtu: 1400 } }', { 'p.yaml': 'bridges:\n  lan:\n    mtu: 1400\n' }),
  ).toMatchInlineSnapshot(`
    "main.yaml:4:24: "bridges.lan.mtu" is written in two files [NF1005]
       4 | bridges: { lan: { mtu: 1400 } }
         |                        ^^^^
         p.yaml:
       3 |     mtu: 1400
         |          ---- and here
         = keep one of them
    "
  `);
});

test('a file that is missing: what is there of a like name', () => {
  expect(said('include: [parts/rack.yaml]', { 'parts/racks.yaml': '' })).toMatchInlineSnapshot(`
    "main.yaml:3:11: cannot include parts/rack.yaml: there is no such file [NF1021]
       3 | include: [parts/rack.yaml]
         |           ^^^^^^^^^^^^^^^
         = did you mean parts/racks.yaml?
    "
  `);
});

test('a symbolic link on the way is not followed', () => {
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real/p.yaml'), 'namespaces: { a: {} }');
  symlinkSync('real', join(folder, 'linked'));
  symlinkSync('/etc/shadow', join(folder, 'shadow.yaml'));
  expect(said('include: [linked/p.yaml, shadow.yaml]')).toMatchInlineSnapshot(`
    "main.yaml:3:11: cannot include linked/p.yaml: linked is a symbolic link [NF1021]
       3 | include: [linked/p.yaml, shadow.yaml]
         |           ^^^^^^^^^^^^^
         = write the path of the file itself

    main.yaml:3:26: cannot include shadow.yaml: shadow.yaml is a symbolic link [NF1021]
       3 | include: [linked/p.yaml, shadow.yaml]
         |                          ^^^^^^^^^^^
         = write the path of the file itself
    "
  `);
});

test.each(['../p.yaml', '/etc/hostname', 'a/../../p.yaml'])('%s is outside the folder', (file) => {
  expect(said(`include: ["${file}"]`)).toContain(`${file} is outside the folder of main.yaml [NF1021]`);
});

test('a circle names the files that are on it', () => {
  const others = { 'a.yaml': 'include: [sub/b.yaml]', 'sub/b.yaml': 'include: [../a.yaml]' };
  expect(said('include: [a.yaml]', others)).toMatchInlineSnapshot(`
    "sub/b.yaml:1:11: a.yaml would be included in itself: main.yaml includes a.yaml includes sub/b.yaml includes a.yaml [NF1021]
       1 | include: [../a.yaml]
         |           ^^^^^^^^^
         = leave this include out
    "
  `);
});

test('only the main file has a name, and all are of one version', () => {
  const { diagnostics } = load('include: [p.yaml]', { 'p.yaml': 'version: 2\nname: other\nnamespaces: {}' });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'only main.yaml names the lab: it includes this file',
    'this file is of version 2, but main.yaml is of 1',
  ]);
});

test.each([
  ['5', '"include" must be a list of files'],
  ['[5]', 'item 1 of "include" must be the name of a file, or a map of file and vars'],
  ['[{ file: a.yaml, var: {} }]', 'item 1 of "include" must be the name of a file, or a map of file and vars'],
  ['[empty.yaml]', 'empty.yaml is empty'],
  ['[list.yaml]', 'list.yaml is not a map of keys'],
  ['[.]', 'cannot include .: it is a folder'],
  ['[broken.yaml]', 'this { is not closed'],
  ['[unknown.yaml]', 'there is no variable "nothing"'],
])('include: %s is one error', (include, message) => {
  const { topology, diagnostics } = load(`include: ${include}`, {
    'empty.yaml': '',
    'list.yaml': '[1]',
    'broken.yaml': 'namespaces: { a: {}\n',
    'unknown.yaml': 'namespaces: { "a${nothing}": {} }',
  });
  expect(topology).toBeNull();
  expect(diagnostics.map((one) => one.message)).toEqual([message]);
});

test('a topology without a folder includes nothing', () => {
  const { diagnostics } = loadTopology(`${HEAD}include: [p.yaml]`, { file: '<stdin>', vars: {}, varFile: null });
  expect(diagnostics.map(({ message }) => message)).toEqual(['<stdin> has no folder that p.yaml could be in']);
});

test('limits count after: many small files that include each other twice end early', () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`f${i}.yaml`, `include: [f${i + 1}.yaml, f${i + 1}.yaml]`]),
  );
  const { diagnostics } = load('include: [f0.yaml]', { ...files, 'f40.yaml': 'namespaces: {}' });
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'more than 1000 files are included, the most that is read',
  ]);
});

test('what a file says that is included twice is there once; what it says otherwise each time is a contradiction', () => {
  const part = {
    'p.yaml':
      'vars: { n: 1 }\nnamespaces: { core: { forwarding: true } }\nlinks: ["core:x -- a${n}:x", "core:y -- b:y"]',
  };
  const entries = '[p.yaml, p.yaml, { file: p.yaml, vars: { n: 2 } }]';
  const { expanded } = load(`include: ${entries}\nnamespaces: { a1: {}, a2: {}, b: {} }`, part);
  expect(expanded?.['links']).toEqual(['core:x -- a1:x', 'core:y -- b:y', 'core:x -- a2:x']);
  const other = { 'p.yaml': 'vars: { n: 1400 }\nbridges: { lan: { mtu: "${n}" } }' };
  const { diagnostics } = load('include: [p.yaml, { file: p.yaml, vars: { n: 1300 } }]', other);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    '"bridges.lan.mtu" has another value each time that this file is included',
  ]);
});

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: how the language itself writes it
