import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileHelpers } from '../../bench/build.ts';
import { CASES } from '../../bench/cases.ts';
import { netform } from '../../bench/contenders.ts';
import { runInMachine, waitForCleanup } from '../../bench/machine.ts';
import { repository } from '../support/machine.ts';

const RUNS = 2;
/** On a machine with ten times as much to do. */
const MOST_MS = 180_000;
/** So many times what is aimed at: a busy machine passes, a slip of ten times does not. */
const MARGIN = 6;

const folder = mkdtempSync(join(tmpdir(), 'netform-bench-'));
const stage = { folder, netforms: [{ contender: netform('netform', repository), root: repository }], others: true };
/** The best of the runs, in milliseconds, by `contender label`. */
const best = new Map<string, number>();

beforeAll(async () => {
  compileHelpers(folder);
  await measure('start', 3, ['netform']);
  for (let run = 0; run < RUNS; run++) await measure('star', 100, ['netform', 'C', 'ip -batch']);
}, MOST_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['version', 1.8],
  ['plan', 2.8],
])('start-up stays near that of node: %s', (label, factor) => {
  expect(of('netform', `start-${label}`)).toBeLessThan(MARGIN * factor * of('netform', 'start-node'));
});

test.each(['apply', 'destroy'])('a star of 100 stays near the lower bound: %s', (label) => {
  const aim = 1.3 * of('C', label) + 2.8 * of('netform', 'start-node');
  expect(of('netform', label)).toBeLessThan(MARGIN * aim);
});

test('looking at a star of 100 takes no longer than making it', () => {
  expect(of('netform', 'plan')).toBeLessThan(2 * of('netform', 'apply'));
  expect(of('netform', 'noop')).toBeLessThan(2 * of('netform', 'apply'));
});

test('a star of 100 takes no longer than ip -batch many times over', () => {
  expect(of('netform', 'apply')).toBeLessThan(MARGIN * (of('ip -batch', 'apply') + 2.8 * of('netform', 'start-node')));
});

async function measure(name: string, size: number, contenders: readonly string[]): Promise<void> {
  const scenarios = await CASES.find((one) => one.name === name)?.scenarios(size, stage);
  for (const { contender, script } of scenarios ?? []) {
    if (!contenders.includes(contender.name) || script === null) continue;
    const { samples, failure } = await runInMachine(script, folder);
    expect(failure, contender.name).toBe(null);
    await waitForCleanup();
    for (const { label, ms } of samples) {
      const key = `${contender.name} ${name === 'start' ? 'start-' : ''}${label}`;
      best.set(key, Math.min(ms, best.get(key) ?? Number.POSITIVE_INFINITY));
    }
  }
}

const of = (contender: string, label: string): number => best.get(`${contender} ${label}`) ?? Number.NaN;
