import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compileHelpers } from '../../bench/build.ts';
import { labFiles } from '../../bench/files.ts';
import { chain, full } from '../../bench/labs.ts';
import { withMachine } from '../support/machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'netform-bench-'));
compileHelpers(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Otherwise the bench would compare netform with something that does less. */
test.each([
  ['chain', chain(4)],
  ['full', full(3)],
])('the lower bound leaves a machine as netform does: %s', async (name, topology) => {
  const { lines, ping, topology: path } = await labFiles(folder, name, topology);
  await withMachine(async (m) => {
    await m.must(`${folder}/lowerbound apply ${lines}`);
    await m.must(ping);
    const made = await m.snapshot();
    await m.must(`${folder}/lowerbound destroy ${lines}`);
    expect(await m.must('ls /run/netns; ip -o link show group 20038; nft list tables; ls -A /etc/netns')).toBe('');
    await m.must(`${process.execPath} bin/run.js apply --yes ${path}`);
    await m.must(ping);
    expect(await m.snapshot()).toBe(made);
  });
});
