import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/machine.ts';

const FAULTS = /NETFORM_FAULT|withFaults|on purpose/;

test('the faults of the campaign are in its own programs, and not in what is shipped', () => {
  expect(filesWith('dist-campaign')).toEqual(['campaign/runner.js', 'campaign/worker.js']);
  expect(filesWith('dist')).toEqual([]);
});

test('nothing of the campaign is in the package', () => {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const packed: readonly { readonly files: readonly { readonly path: string }[] }[] = JSON.parse(output);
  const paths = packed.flatMap(({ files }) => files.map(({ path }) => path));
  expect(paths).toContain('dist/main.cjs');
  expect(paths.filter((path) => /\b(?:faults|campaign)\b/i.test(path))).toEqual([]);
});

function filesWith(folder: string): readonly string[] {
  const root = join(repository, folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.c?js$/.test(path));
  return files.filter((path) => FAULTS.test(readFileSync(join(root, path), 'utf8')));
}
