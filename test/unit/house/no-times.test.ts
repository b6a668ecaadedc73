import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/machine.ts';

const CLOCKS = /performance\.now|cpuUsage|hrtime|Date\.now\(\) - /;
/** Where a clock only ends a wait, or is a word of this test. */
const ALLOWED = new Set(['safety/interrupt.ts', 'unit/house/no-times.test.ts']);

test('no test measures time: counts of calls, objects and bytes are the same on a busy machine', () => {
  const folder = join(repository, 'test');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(?:ts|mjs)$/.test(path));
  const measuring = files.filter((path) => CLOCKS.test(readFileSync(join(folder, path), 'utf8')));
  expect(measuring.filter((path) => !ALLOWED.has(path))).toEqual([]);
});
