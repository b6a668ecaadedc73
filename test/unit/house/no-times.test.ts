import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../../support/machine.ts';

const CLOCKS = /performance\.now|cpuUsage|hrtime|Date\.now\(\) - /;
/** Where a clock only ends a wait. */
const WAITS = ['test/safety/interrupt.ts'];

test('no test measures time: a busy machine would fail it, and counts of calls, objects and bytes stay the same', () => {
  const here = 'test/unit/house/no-times.test.ts';
  const files = globSync('test/**/*.{ts,mjs}', { cwd: repository }).filter((path) => path !== here);
  const measuring = files.filter((path) => CLOCKS.test(readFileSync(join(repository, path), 'utf8')));
  expect(measuring).toEqual(WAITS);
});
