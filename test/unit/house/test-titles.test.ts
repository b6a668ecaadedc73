import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/machine.ts';

const ONLY_A_VALUE = /\((['"`])(?:%\w|\$\w+)\1, /;

test('every test has a verb in its title: none is named by a value alone', () => {
  const folder = join(repository, 'test');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'));
  expect(files.filter((path) => ONLY_A_VALUE.test(readFileSync(join(folder, path), 'utf8')))).toEqual([]);
});
