import { expect, test } from 'vitest';
import { type Diagnostic, makeDiagnostic } from '../../../src/model/diagnostics/diagnostic.ts';
import { diagnosticsJson } from '../../../src/report/json/diagnostics.ts';
import { ansiPaint } from '../../../src/report/text/colour.ts';
import { diagnosticsText } from '../../../src/report/text/diagnostics.ts';
import { createLocator } from '../../../src/source/locate.ts';

const text = (content: string, ...diagnostics: readonly Diagnostic[]): string =>
  diagnosticsText(diagnostics, { file: 'topologies/red.yaml', text: content, locate: createLocator(content, null) });

const offsets = (content: string, part: string, nth = 0) => {
  let start = content.indexOf(part);
  for (let i = 0; i < nth; i++) start = content.indexOf(part, start + 1);
  return { start, end: start + part.length };
};

const content = 'a:\n  address: 10.0.0.1\nb:\n  address: 10.0.0.1\n';
const twice = makeDiagnostic(
  'duplicate-address',
  offsets(content, '10.0.0.1', 1),
  'address 10.0.0.1 is already used by a',
  {
    related: [{ at: offsets(content, '10.0.0.1'), message: 'first used here' }],
    hint: '10.0.0.2 is free',
  },
);

test('a related place, the place itself, and what to do', () => {
  expect(text(content, twice)).toBe(`topologies/red.yaml:4:12: address 10.0.0.1 is already used by a [NF2101]
   2 |   address: 10.0.0.1
     |            -------- first used here
   4 |   address: 10.0.0.1
     |            ^^^^^^^^
     = 10.0.0.2 is free
`);
});

test('several are sorted by place, a blank line between two, those without a place last, and none twice', () => {
  const first = makeDiagnostic('unknown-key', offsets(content, 'a'), 'first', { severity: 'warning' });
  const nowhere = makeDiagnostic('missing-package', null, 'the package nftables is missing');
  expect(
    text(content, nowhere, twice, first, first)
      .split('\n\n')
      .map((one) => one.split('\n')[0]),
  ).toEqual([
    'topologies/red.yaml:1:1: warning: first [NF1008]',
    'topologies/red.yaml:4:12: address 10.0.0.1 is already used by a [NF2101]',
    'topologies/red.yaml: the package nftables is missing [NF3006]',
  ]);
});

test('two marks on one line show it once', () => {
  const line = 'links: [a, a]';
  const one = makeDiagnostic('duplicate-name', offsets(line, 'a,'), 'twice', {
    related: [{ at: offsets(line, 'a]'), message: 'and here' }],
  });
  expect(text(line, one).split('\n').slice(1)).toEqual([
    '   1 | links: [a, a]',
    '     |         ^^',
    '     |            -- and here',
    '',
  ]);
});

test('a long line is cut around the mark', () => {
  const line = `k: ${'x'.repeat(200)}HERE${'y'.repeat(200)}`;
  const [, excerpt = '', carets = ''] = text(line, makeDiagnostic('bad-value', offsets(line, 'HERE'), 'm')).split('\n');
  expect(excerpt.length).toBeLessThan(115);
  expect(excerpt.indexOf('HERE')).toBe(carets.indexOf('^^^^'));
  expect(excerpt).toMatch(/…x+HEREy+…$/);
});

test('wide and combining characters keep the mark below its word', () => {
  const line = '\t網: "e\u0301" # x';
  const [head, excerpt = '', carets = ''] = text(
    line,
    makeDiagnostic('bad-value', offsets(line, '"e\u0301"'), 'm'),
  ).split('\n');
  expect(head).toContain('red.yaml:1:5:');
  expect(excerpt).toBe('   1 |  網: "e\u0301" # x');
  expect(carets).toBe('     |      ^^^');
});

test('what would steer a terminal is written out', () => {
  const line = 'k: \u001b[31mred\u009b';
  const out = text(line, makeDiagnostic('bad-value', offsets(line, 'red'), 'got \u001b]0;x\u0007', { hint: '\u202e' }));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(out).toContain('\\x1b[31mred');
});

test('colours only when they are asked for', () => {
  const source = { file: 'f', text: content, locate: createLocator(content, null) };
  expect(diagnosticsText([twice], source, ansiPaint)).toContain('\u001b[31m^^^^^^^^\u001b[0m');
  expect(diagnosticsText([twice], source)).not.toContain('\u001b');
});

test('as JSON', () => {
  const source = { file: 'f', text: content, locate: createLocator(content, null) };
  expect(diagnosticsJson([twice], source)).toEqual([
    {
      code: 'NF2101',
      check: 'duplicate-address',
      severity: 'error',
      message: 'address 10.0.0.1 is already used by a',
      hint: '10.0.0.2 is free',
      foreign: false,
      file: 'f',
      at: { line: 4, column: 12, length: 8 },
      related: [{ at: { line: 2, column: 12, length: 8 }, message: 'first used here' }],
    },
  ]);
});

test('of many things that are there already the first are told, mistakes of the file all', () => {
  const many = (check: 'foreign-object' | 'unknown-key') =>
    Array.from({ length: 50 }, (_, i) =>
      makeDiagnostic(check, offsets(content, 'a'), `${check} ${i}`, { foreign: check === 'foreign-object' }),
    );
  const told = text(content, ...many('foreign-object'), ...many('unknown-key'));
  expect(told.match(/foreign-object \d+ \[/g)).toHaveLength(20);
  expect(told.match(/unknown-key \d+ \[/g)).toHaveLength(50);
  expect(told.endsWith('\n\n… and 30 more things that are there already; --json names them all\n')).toBe(true);
});
