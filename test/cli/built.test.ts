import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeCacheFile, compileBundle } from '../../src/entries/bundle.ts';
import { repository } from '../support/machine.ts';

test('what the build has compiled is what this Node begins with', () => {
  const folder = join(repository, 'dist');
  expect(compileBundle(folder).cachedDataRejected, codeCacheFile(folder)).toBe(false);
});
