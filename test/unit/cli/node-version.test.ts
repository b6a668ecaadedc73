import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { repository } from '../../support/machine.ts';

const program = join(repository, 'bin/run.js');

/** Starts the program in a Node that says it is of another version; `without`: what that version does not have. */
function startWith(version: string, without = ''): { readonly code: number | null; readonly stderr: string } {
  const fake = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });${without}`;
  const argv = ['--import', `data:text/javascript,${encodeURIComponent(fake)}`, program, '--version'];
  const { status, stderr, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  expect(stdout).toBe('');
  return { code: status, stderr };
}

describe('a Node that is too old (H3)', () => {
  test.each([
    ['18.19.0', ''],
    ['20.18.3', ''],
    ['12.22.12', ''],
    ['21.7.3', 'delete process.getBuiltinModule'],
  ])('%s is a message in words and exit code 2, not a bug of netform', (version, without) => {
    expect(startWith(version, without)).toEqual({
      code: 2,
      stderr: `netform: Node 20.19, 22.3 or newer is needed; this is ${version}
  = Debian 12 has Node 18, Debian 13 has Node 20; others: https://nodejs.org/en/download
`,
    });
  });

  test('reads the first file of the program: it has no syntax that Node 12 does not know', () => {
    const text = readFileSync(program, 'utf8');
    const forTarget = (target: string) => transformSync(text, { target, format: 'esm' }).code;
    expect(forTarget('node12.22')).toBe(forTarget('esnext'));
  });
});
