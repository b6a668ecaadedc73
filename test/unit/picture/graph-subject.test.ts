import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_PROGRESS } from '../../../src/model/results/progress.ts';
import { openOfflineSession } from '../../../src/pipeline/session.ts';
import { type GraphOptions, resolveGraphSubject } from '../../../src/pipeline/tools/graph.ts';

const folder = mkdtempSync(join(tmpdir(), 'netform-subject-'));
const before = process.cwd();
beforeAll(() => {
  process.chdir(folder);
  for (const name of ['topology.yaml', 'lab.yaml']) writeFileSync(name, 'version: 1\nname: lab\n');
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

test('H7: topology.yaml of a folder is followed on this machine, and a named file only by --serve', () => {
  const follows = (argument: string | null, more: Partial<GraphOptions> = {}) => {
    const options = { request: { vars: [], varFile: null }, plan: null, follow: false, ...more };
    const subject = resolveGraphSubject(openOfflineSession(NO_PROGRESS), argument, options);
    return 'request' in subject && subject.follow === true;
  };
  expect(follows(null)).toBe(true);
  expect(follows('lab.yaml')).toBe(false);
  expect(follows('lab.yaml', { follow: true })).toBe(true);
  expect(follows('-', { follow: true })).toBe(false);
  expect(follows(null, { plan: { foreign: 'refuse' } })).toBe(false);
});
