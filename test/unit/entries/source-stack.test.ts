import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, afterEach, expect, test } from 'vitest';
import { nameSourcesInStacks } from '../../../src/entries/source-stack.ts';

const { prepareStackTrace } = Error;
const folder = mkdtempSync(join(tmpdir(), 'netform-stack-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace;
});

test('the stack of an error names the places in the sources', async () => {
  expect(await stackOf({ sourcemap: 'external' })).toMatch(/^RangeError: far\n {4}at source\.ts:2:9\n/);
});

test('without the map it names those in the script', async () => {
  expect(await stackOf({ sourcemap: false })).toMatch(/^RangeError: far\n {4}at .*false\.cjs:1:\d+/);
});

async function stackOf(options: { readonly sourcemap: 'external' | false }): Promise<string> {
  const source = join(folder, 'source.ts');
  const script = join(folder, `${options.sourcemap}.cjs`);
  writeFileSync(source, 'const throwFar = () => {\n  throw new RangeError("far");\n};\nthrowFar();\n');
  await build({ entryPoints: [source], outfile: script, minify: true, format: 'iife', ...options });
  nameSourcesInStacks(script);
  try {
    new Script(readFileSync(script, 'utf8'), { filename: script }).runInThisContext({ displayErrors: false });
  } catch (error) {
    return String(error instanceof Error ? error.stack : error);
  }
  return '';
}
