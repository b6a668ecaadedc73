import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compile, compiledFile } from '../../src/load.ts';
import { repository } from '../support/machine.ts';

test('what the build has compiled is what this Node begins with', () => {
  const folder = join(repository, 'dist');
  expect(compile(folder).cachedDataRejected, compiledFile(folder)).toBe(false);
});
