import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetformError } from '../src/model/error.ts';
import type { PlanView } from '../src/model/results/plan-view.ts';
import type { RunResult } from '../src/model/results/run-result.ts';
import type * as Pipeline from '../src/pipeline/index.ts';
import type * as Diagnostics from '../src/report/text/diagnostics.ts';
import { repository } from '../test/support/machine.ts';

type FaultBuild = { readonly pipeline: typeof Pipeline; readonly diagnosticsText: typeof Diagnostics.diagnosticsText };

/** Of the build that has faults in it, in this process. */
export const { pipeline, diagnosticsText }: FaultBuild = await import(join(repository, 'dist-faults', 'pipeline.js'));

/** Where the topology of a run is written. */
export const FILE = '/run/lab.yaml';
const STATES = '/var/lib/netform';
const COUNTS = '/run/faults.json';

/** How a run ended: with a status, or with an error of ours. */
export type RunEnd = {
  readonly status: string;
  readonly code: string;
  readonly exitCode: number;
  readonly text: string;
};

/** How often there was a place for a fault. */
export type FaultCounts = { readonly instruction: number; readonly rollback: number; readonly journal: number };

type Hooks = { readonly fault?: string; readonly meanwhile?: () => Promise<void> | void };

/** Applies a value (JSON is YAML), or a text. `meanwhile` runs between the plan and its first instruction. */
export function apply(topology: unknown, hooks: Hooks = {}): Promise<RunEnd> {
  write(topology);
  return applyFile(FILE, hooks);
}

const write = (topology: unknown): void =>
  writeFileSync(FILE, typeof topology === 'string' ? topology : JSON.stringify(topology));

/** The same of a file. */
export function applyFile(file: string, hooks: Hooks = {}): Promise<RunEnd> {
  const request = { file, vars: [], varFile: null };
  return captureEnd(hooks, () => pipeline.applyTopology(request, { ...runOptions(hooks), foreign: 'refuse' }));
}

export const destroy = (lab: string, hooks: Hooks = {}): Promise<RunEnd> =>
  captureEnd(hooks, () => pipeline.destroyLab(lab, runOptions(hooks)));

/** The plan of a value: what apply would do; null when the findings forbid it. */
export async function plan(topology: unknown): Promise<PlanView | null> {
  write(topology);
  const { view } = await pipeline.planTopology({ file: FILE, vars: [], varFile: null }, { foreign: 'refuse' });
  return view;
}

/** The labs that have a folder with a state. */
export const labNames = (): readonly string[] =>
  existsSync(STATES) ? readdirSync(STATES).filter((lab) => existsSync(join(STATES, lab, 'state.json'))) : [];

/** Whether a run was interrupted and nobody has finished it. */
export const isInterrupted = (lab: string): boolean => existsSync(join(STATES, lab, 'journal'));

/** The counts of a run, which must be a good one. */
export async function faultCounts(run: () => Promise<RunEnd>): Promise<FaultCounts> {
  rmSync(COUNTS, { force: true });
  process.env['NETFORM_FAULT_LOG'] = COUNTS;
  try {
    expectSuccess(await run());
    return JSON.parse(readFileSync(COUNTS, 'utf8').trim().split('\n').at(-1) ?? '');
  } finally {
    delete process.env['NETFORM_FAULT_LOG'];
  }
}

/** The same ending, which must not be an error. */
export function expectSuccess(ending: RunEnd): RunEnd {
  if (ending.code !== '' || ending.status === 'refused') throw new Error(`${ending.status}: ${ending.text}`);
  return ending;
}

const runOptions = ({ meanwhile }: Hooks) => ({
  agree: async () => {
    await meanwhile?.();
    return true;
  },
  progress: () => ({ event: () => {}, rollback: () => {}, close: async () => {} }),
  lockTimeoutMs: 10_000,
});

async function captureEnd({ fault }: Hooks, run: () => Promise<RunResult>): Promise<RunEnd> {
  if (fault !== undefined) process.env['NETFORM_FAULT'] = fault;
  try {
    const { status, findings } = await run();
    const text = (findings?.diagnostics ?? []).map(({ check, message }) => `${check}: ${message}`).join('\n');
    const refusal = findings?.diagnostics.some(({ foreign }) => foreign) ? 7 : 3;
    return { status, code: '', exitCode: status === 'refused' ? refusal : 0, text };
  } catch (error) {
    if (!isNetformError(error)) throw error;
    const { code, exitCode, message, details } = error;
    return { status: 'error', code, exitCode, text: [`[${code}] ${message}`, ...details].join('\n') };
  } finally {
    delete process.env['NETFORM_FAULT'];
  }
}

const isNetformError = (error: unknown): error is NetformError =>
  error instanceof Error && 'exitCode' in error && 'code' in error;
