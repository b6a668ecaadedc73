import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { repository } from '../test/support/machine.ts';
import type { Property } from './property.ts';

export type BatchResult = { readonly runs: number; readonly points: number; readonly failures: readonly RunFailure[] };
export type RunFailure = { readonly seed: number; readonly why: string };
export type BatchOptions = {
  readonly seed: number;
  readonly count: number;
  /** How many machines work at the same time. */
  readonly jobs: number;
  readonly progress?: (outcome: BatchResult) => void;
  /** No further machine is started when it is aborted. */
  readonly signal?: AbortSignal;
};

type RunLine = { readonly seed: number; readonly points: number; readonly why: string | null };

/** Runs a property so many times, in as many throwaway machines as it wants. */
export async function runProperty(
  property: Property,
  { seed, count, jobs, progress, signal }: BatchOptions,
): Promise<BatchResult> {
  let outcome: BatchResult = { runs: 0, points: 0, failures: [] };
  let next = seed;
  const end = seed + count;
  const take = (line: RunLine): void => {
    const failures = line.why === null ? outcome.failures : [...outcome.failures, { seed: line.seed, why: line.why }];
    outcome = { runs: outcome.runs + 1, points: outcome.points + line.points, failures };
    progress?.(outcome);
  };
  const work = async (): Promise<void> => {
    while (next < end && outcome.failures.length < MOST_FAILURES && !signal?.aborted) {
      const from = next;
      const until = Math.min(end, (Math.floor(from / property.perMachine) + 1) * property.perMachine);
      next = until;
      await runShard(property.name, { from, until }, take);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return outcome;
}

const MOST_FAILURES = 20;

type Range = { readonly from: number; readonly until: number };

/** A failure ends a machine: the rest is done in a new one. */
async function runShard(name: string, { from, until }: Range, take: (line: RunLine) => void): Promise<void> {
  let at = from;
  let failures = 0;
  while (at < until && failures < 3) {
    const { last, errors } = await runWorker([name, String(at), String(until - at)], (line) => {
      if (line.why !== null) failures += 1;
      take(line);
    });
    if (last === null || last < at) {
      take({ seed: at, points: 0, why: `the run ended without a word\n${errors}` });
      failures += 1;
    }
    at = (last ?? at) + 1;
  }
}

type ShardOutput = { readonly last: number | null; readonly errors: string };

async function runWorker(args: readonly string[], take: (line: RunLine) => void): Promise<ShardOutput> {
  const argv = [process.execPath, `${repository}dist-campaign/campaign/worker.js`, ...args];
  const child = spawn('sh', [`${repository}scripts/machine.sh`, ...argv], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let last: number | null = null;
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors = `${errors}${text}`.slice(-4000);
  });
  for await (const text of createInterface({ input: child.stdout })) {
    if (!text.startsWith('{"seed"')) continue;
    const line: RunLine = JSON.parse(text);
    last = line.seed;
    take(line);
  }
  return { last, errors };
}
