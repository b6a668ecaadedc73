import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readInputFile } from '../../../src/pipeline/topology/read-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'missing-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const name of ['lab.yaml', 'router.yml', 'topology.schema.json', 'lab.svg']) writeFileSync(join(folder, name), '');
mkdirSync(join(folder, 'empty'));

test.each([
  ['lab.yml', 'lab.yaml'],
  ['labb.yaml', 'lab.yaml'],
  ['lab', 'lab.yaml'],
  ['rooter.yml', 'router.yml'],
  ['nothing-like-it.yaml', null],
  ['empty/lab.yaml', null],
  ['nowhere/lab.yaml', null],
])('M10: a missing %s is probably %s', (file, meant) => {
  const hint = meant === null ? null : `did you mean ${join(folder, meant)}?`;
  expect(() => readInputFile(join(folder, file))).toThrow(expect.objectContaining({ code: 'E_NO_FILE', hint }));
});
