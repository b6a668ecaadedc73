import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeCacheFile, compileBundle } from '../../src/entries/bundle.ts';
import { repository } from '../support/machine.ts';

test.for(['validate', 'plan', 'apply'] as const)(
  'what the build has compiled for %s is what this Node begins with',
  (use) => {
    const folder = join(repository, 'dist');
    expect(compileBundle(folder, 'program', use).cachedDataRejected, codeCacheFile(folder, use)).toBe(false);
  },
);
