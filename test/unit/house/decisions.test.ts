import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/machine.ts';

const FOLDER = join(repository, 'docs/adr');
const records = readdirSync(FOLDER).filter((name) => /^\d/.test(name));

test('no two records in docs/adr have one number, and each says its own', () => {
  const numbers = records.map((name) => Number(name.slice(0, 4)));
  expect(new Set(numbers).size).toBe(numbers.length);
  const titles = records.map((name) => readFileSync(join(FOLDER, name), 'utf8').split('\n')[0]);
  expect(titles.map((title) => Number(/^# (\d+)\. \S/.exec(title ?? '')?.[1]))).toEqual(numbers);
});
