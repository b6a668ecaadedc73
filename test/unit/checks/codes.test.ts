import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { checkEntries } from '../../../scripts/pages/check-entries.ts';
import { checkDocs } from '../../../scripts/pages/checks.ts';
import { checkCodes } from '../../../src/model/diagnostics/check-codes.ts';

const ROOT = join(import.meta.dirname, '../../../src');
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
const texts = new Map(files.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));

test('a published code keeps its name', () => {
  const published = readFileSync(join(import.meta.dirname, 'published-codes.txt'), 'utf8')
    .trim()
    .split('\n');
  const codes = Object.entries(checkCodes).map(([name, code]) => `${code} ${name}`);
  expect(published.filter((line) => !codes.includes(line))).toEqual([]);
  expect(codes.filter((line) => !published.includes(line))).toEqual([]);
});

test('every check is found by the generator, and has a code of its own', () => {
  const docs = checkDocs();
  expect(Object.fromEntries(docs.map(({ name, code }) => [name, code]))).toEqual(checkCodes);
  expect(new Set(docs.map(({ code }) => code)).size).toBe(docs.length);
  expect(docs.filter(({ code }) => !/^NF[123]\d{3}$/.test(code))).toEqual([]);
});

test('the entry of a check stands in the folder of code that makes it', () => {
  const away = checkEntries.filter(({ name }) => {
    const home = files.find((path) => texts.get(path)?.includes(`Doc: CheckDoc = {\n  name: '${name}',`)) ?? '';
    const beside = files.filter((path) => dirname(path) === dirname(home) && isMadeIn(path, name));
    return beside.length === 0;
  });
  expect(away.map(({ name }) => name)).toEqual([]);
});

/** The name stands there apart from an entry. */
const isMadeIn = (path: string, name: string): boolean =>
  (texts.get(path) ?? '').replaceAll(`  name: '${name}',`, '').includes(`'${name}'`);
