import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toCliError } from '../../../src/report/text/cli-error.ts';

test('what the system refuses is told in its words, and is not called our bug', () => {
  const trouble = toCliError(thrownBy(() => readFileSync('/nonexistent/file')));
  expect(trouble).toMatchObject({ code: 'E_SYSTEM', exitCode: 1, details: [] });
  expect(trouble.message).toContain("ENOENT: no such file or directory, open '/nonexistent/file'");
  expect(trouble.hint).toContain('netform recover');
});

test('anything else is our own, with the place where it was thrown', () => {
  const trouble = toCliError(new TypeError('x is not a function'));
  expect(trouble).toMatchObject({ code: 'E_INTERNAL', exitCode: 1 });
  expect(trouble.details[0]).toContain('error.test.ts');
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
