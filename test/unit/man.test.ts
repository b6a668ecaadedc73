import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/commands/index.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'man', 'netform.1');

test('the man page is one that man reads without a complaint, with every command in it', () => {
  const lint = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', PAGE], { encoding: 'utf8' });
  expect({ status: lint.status, said: lint.stdout + lint.stderr }).toEqual({ status: 0, said: '' });
  const { stdout } = spawnSync('mandoc', ['-T', 'ascii', PAGE], { encoding: 'utf8' });
  // Bold is a letter, a backspace and the letter again.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what mandoc prints
  const text = stdout.replace(/.\u0008/g, '');
  const commands = Object.keys(COMMANDS).map((id) => id.replace(':', ' '));
  for (const command of commands) expect(text).toMatch(new RegExp(`^ +netform ${command}\\b`, 'm'));
  expect(text).toContain(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
});

test('npm links the man page on installation: it reads a list and ignores a text (L7)', () => {
  expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).man).toEqual(['man/netform.1']);
});
