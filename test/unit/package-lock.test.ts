import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { repository } from '../support/machine.ts';

/** npm writes none for packages of other platforms that it finds installed: take such entries out, and let it add them. */
test('every package has its checksum in the lock', () => {
  const { packages } = JSON.parse(readFileSync(`${repository}package-lock.json`, 'utf8'));
  const without = Object.entries<{ readonly integrity?: string }>(packages).filter(
    ([path, { integrity }]) => path !== '' && integrity === undefined,
  );
  expect(without.map(([path]) => path)).toEqual([]);
});
