import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FIELDS = 4;

const rows = readFileSync(join(ROOT, 'docs', 'glossary.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| term '))
  .map((line) => line.split('|').slice(1, -1));

test('the glossary defines its terms once, each with its source in the field', () => {
  const terms = rows.map(([term = '']) => term.trim());
  expect(terms.length).toBeGreaterThanOrEqual(60);
  expect(terms.filter((term, i) => terms.indexOf(term) !== i)).toEqual([]);
  expect(rows.filter((row) => row.length !== FIELDS || row.some((cell) => cell.trim() === ''))).toEqual([]);
});

test('every name of the glossary exists in src', () => {
  const folder = join(ROOT, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const names = new Set(files.flatMap((path) => readFileSync(join(folder, path), 'utf8').match(/\w+/g) ?? []));
  const missing = rows.flatMap(([, , , cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name).filter((name) => !names.has(name)),
  );
  expect(missing).toEqual([]);
});
