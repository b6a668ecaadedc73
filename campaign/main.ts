import './build-first.ts';

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repository } from '../test/support/machine.ts';
import { type BatchResult, runProperty } from './batch.ts';
import { properties } from './properties/index.ts';
import type { Property } from './property.ts';
import { page, type ResultRow, rowText, type StoredRow, withRow } from './table.ts';

/** `npm run campaign -- [--scale 0.1] [--only NAME] [--seed S] [--runs N] [--jobs 2]` */
const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    runs: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
});

const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 1_000_000);
const selection = properties.filter(({ name }) => !values.only || values.only.includes(name));
if (selection.length === 0) throw new Error(`--only is one of: ${properties.map(({ name }) => name).join(', ')}`);
const date = new Date().toISOString().slice(0, 10);
const commit = execFileSync('git', ['describe', '--always', '--dirty'], { cwd: repository, encoding: 'utf8' }).trim();
// `kill` ends it, when the machines that work are through, with a row of what was done.
const stopped = new AbortController();
process.once('SIGTERM', () => stopped.abort());
for (const property of selection) {
  if (stopped.signal.aborted) break;
  const done = await row(property);
  if (done.failures.length > 0) process.exitCode = 1;
  // A few runs of it are not the campaign.
  if (!values.runs) storeRow(done);
}

function storeRow(done: ResultRow): void {
  const data = join(repository, 'docs', 'campaign.json');
  const before: readonly StoredRow[] = existsSync(data) ? JSON.parse(readFileSync(data, 'utf8')) : [];
  const kept = withRow(before, done, { date, commit });
  writeFileSync(data, `[\n${kept.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`);
  writeFileSync(join(repository, 'docs', 'campaign.md'), page(kept));
}

async function row(property: Property): Promise<ResultRow> {
  const count = Number(values.runs ?? Math.max(property.inTest, Math.ceil(property.inCampaign * Number(values.scale))));
  const from = performance.now();
  const result = await runProperty(property, {
    seed,
    count,
    jobs: Number(values.jobs),
    progress: progress(property, count),
    signal: stopped.signal,
  });
  const done = { property, seed, ...result, seconds: (performance.now() - from) / 1000 };
  process.stdout.write(`\r${rowText(done)}\n`);
  for (const { seed: at, why } of result.failures) {
    process.stdout.write(`FAILED  npm run campaign -- --only ${property.name} --seed ${at} --runs 1\n${why}\n`);
  }
  return done;
}

function progress(property: Property, count: number): (outcome: BatchResult) => void {
  let shown = 0;
  return ({ runs, failures }) => {
    if (!process.stderr.isTTY || performance.now() - shown < 500) return;
    shown = performance.now();
    process.stderr.write(`\r${property.name}: ${runs} of ${count}, ${failures.length} failed `);
  };
}
