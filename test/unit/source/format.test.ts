import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elaborateTopology, loadTopology } from '../../../src/registry/language.ts';
import { formatTopology } from '../../../src/source/format.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FOLDERS = [
  'topologies',
  'topologies/ipv6',
  'topologies/dual-stack',
  'topologies/containers',
  'templates',
  'test/diagnostics',
  'test/unit/source/fixtures',
];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(ROOT, folder, name), 'utf8') })),
);
const good = files.filter(({ text }) => formatTopology(text).text !== null);

const labOf = (text: string) => {
  const { topology } = loadTopology(text, { file: 'lab.yaml', vars: {}, varFile: null });
  return topology === null
    ? null
    : JSON.stringify(elaborateTopology(topology, {}), (key, value) =>
        key === 'at' || key === 'origin' || key === 'path' ? undefined : value,
      );
};

const commentsIn = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => /(?:^|\s)(#.*)$/.exec(line)?.[1]?.trimEnd() ?? []);

const formatted = (text: string): string => formatTopology(text).text ?? '';

test('the examples and templates are written as it writes them', () => {
  const own = good.filter(({ path }) => /^(?:topologies|templates)\//.test(path));
  expect(own.length).toBeGreaterThan(30);
  expect(own.filter(({ text }) => formatted(text) !== text).map(({ path }) => path)).toEqual([]);
});

test('whatever the spacing was, the lab is the same, the comments are there, and a second time changes nothing', () => {
  /** The text with blanks and empty lines where they mean nothing: behind commas, colons and brackets of one line, before comments. */
  const loosened = fc
    .tuple(fc.constantFrom(...good), fc.infiniteStream(fc.nat({ max: 3 })))
    .map(([{ path, text }, numbers]) => {
      const blanks = () => ' '.repeat(numbers.next().value ?? 0);
      const loose = text
        .split('\n')
        .map((line) => {
          if (/^\s*(?:#|$)/.test(line) || /[|>"'&*]/.test(line)) return line;
          const at = line.indexOf(' #');
          const [code, comment] = at < 0 ? [line, ''] : [line.slice(0, at), blanks() + line.slice(at)];
          return (
            code.replace(/, |: |\{ | \}|\[|\]/g, (mark) => (mark === ' }' ? blanks() + mark : mark + blanks())) +
            comment
          );
        })
        .flatMap((line) =>
          line === '' ? ['', ...Array.from({ length: numbers.next().value ?? 0 }, () => '')] : [line],
        );
      return { path, text, loose: loose.join((numbers.next().value ?? 0) > 1 ? '\r\n' : '\n') };
    });
  fc.assert(
    fc.property(loosened, ({ path, text, loose }) => {
      const once = formatted(loose);
      expect(once, path).not.toBe('');
      expect(labOf(once), path).toBe(labOf(text));
      expect(commentsIn(once)).toEqual(commentsIn(text));
      expect(formatted(once)).toBe(once);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['brackets and braces', 'a: [ 1,2 ]\nb: {c: 1,d: {}}\n', 'a: [1, 2]\nb: { c: 1, d: {} }\n'],
  ['text that only looks like marks', 'a: "x,  y # z"\nb: p#q:r\n', 'a: "x,  y # z"\nb: p#q:r\n'],
  ['lists keep their columns', 'a:\n-   b: 1\n    c:   2\n', 'a:\n-   b: 1\n    c: 2\n'],
  ['aliases', 'a: &x 1\nb: { *x : 2 }\n', null],
  ['text of several lines', 'a: |\n  x   # y\n\n\n  z: [ ]\n\n\nb:  1\n', 'a: |\n  x   # y\n\n\n  z: [ ]\n\n\nb: 1\n'],
  [
    'comments behind values',
    'a: 1 # x\nlong: 2 # y\n# alone\nb: 3     # z\n',
    'a: 1     # x\nlong: 2  # y\n# alone\nb: 3  # z\n',
  ],
  ['gaps', '\n\na: 1\n\n\n\nb: 2\n\n', 'a: 1\n\nb: 2\n'],
  ['Windows', 'a: 1  \r\nb: 2\r\n', 'a: 1\nb: 2\n'],
  ['no end of line', 'a: 1', 'a: 1\n'],
])('formats %s', (_, before, after) => {
  expect(formatTopology(before).text).toBe(after);
});
