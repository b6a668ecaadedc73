import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadProgram } from '../src/entries/bundle.ts';
import type { TopologyDiagnostics } from '../src/model/diagnostics/diagnostic-file.ts';
import type { NetformError } from '../src/model/error.ts';
import type { PlanView } from '../src/model/results/plan-view.ts';
import { NO_PROGRESS } from '../src/model/results/progress.ts';
import type { RunResult } from '../src/model/results/run-result.ts';
import type { Session } from '../src/pipeline/session.ts';
import { repository } from '../test/support/machine.ts';
import { withFaults } from './faults.ts';

/** The verbs of the program that is shipped. */
export const verbs = await loadProgram(join(repository, 'dist')).loadVerbs();

const { openHostSession } = verbs;

/** Where the topology of a run is written. */
export const FILE = '/run/lab.yaml';
const plain = openHostSession(NO_PROGRESS);
const REQUEST = { file: FILE, vars: [], varFile: null };
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

type Hooks = { readonly fault?: string; readonly adopt?: boolean; readonly meanwhile?: () => Promise<void> | void };

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
  return captureEnd(hooks, (session) =>
    verbs.applyTopology(session, request, { ...runOptions(hooks), foreign: hooks.adopt ? 'adopt' : 'refuse' }),
  );
}

/** Renames a lab. */
export const rename = (from: string, to: string, hooks: Hooks = {}): Promise<RunEnd> =>
  captureEnd(hooks, async (session) => {
    await verbs.renameLab(session, { from, to, lockTimeoutMs: 10_000 });
    return DONE;
  });

/** What is marked and in no record, as text. */
export async function orphanList(): Promise<string> {
  const request = { file: null, agree: async () => false, lockTimeoutMs: 10_000 };
  const { orphans } = await verbs.recoverOrphans(openHostSession(NO_PROGRESS), request);
  return orphans.map(({ lab, netns, noun, name }) => `${lab}: ${noun} ${name} in ${netns}\n`).join('');
}

const DONE: Pick<RunResult, 'status' | 'findings'> = { status: 'done', findings: null };

export const destroy = (lab: string, hooks: Hooks = {}): Promise<RunEnd> =>
  captureEnd(hooks, (session) => verbs.destroyLab(session, lab, runOptions(hooks)));

/** The plan of a value: what apply would do; null when the findings forbid it. */
export async function plan(topology: unknown): Promise<PlanView | null> {
  write(topology);
  const { view } = await verbs.planTopology(openHostSession(NO_PROGRESS), REQUEST, { foreign: 'refuse' });
  return view;
}

/** The commands that would make what the plan of a value makes. */
export async function commandsOf(topology: unknown): Promise<string> {
  write(topology);
  const { findings, view, rounds } = await verbs.planTopology(openHostSession(NO_PROGRESS), REQUEST, {
    foreign: 'refuse',
  });
  if (view === null) throw new Error(`the plan is refused: ${JSON.stringify(findings.diagnostics)}`);
  return verbs.shellScript(rounds());
}

/** Applies a text, and adopts what is there. */
export function applyAdopting(topology: string): Promise<RunEnd> {
  write(topology);
  return captureEnd({}, (session) => verbs.applyTopology(session, REQUEST, { ...runOptions({}), foreign: 'adopt' }));
}

/** The plan of a text that adopts what is there; null when the findings forbid it. */
export async function planAdopting(topology: string): Promise<PlanView | null> {
  write(topology);
  const { view } = await verbs.planTopology(openHostSession(NO_PROGRESS), REQUEST, { foreign: 'adopt' });
  return view;
}

/** An imported topology, and the errors that validate finds in it; empty text: none. */
export type ImportedText = { readonly text: string; readonly errors: string };

/** This machine as a topology called `imported`. */
export const importLiveMachine = async (host: 'touched' | 'whole'): Promise<ImportedText> =>
  importedText(await verbs.importMachine(openHostSession(NO_PROGRESS), { namespaces: null, host, name: null }));

/** What a script builds as a topology called `imported`. */
export const importScriptFile = async (file: string): Promise<ImportedText> =>
  importedText(await verbs.importFromScript(openHostSession(NO_PROGRESS), file, { name: 'imported', seconds: 60 }));

function importedText({ text, findings }: Awaited<ReturnType<typeof verbs.importMachine>>): ImportedText {
  const errors = findings.diagnostics.filter(({ severity }) => severity === 'error');
  return { text, errors: errors.map(({ check, message }) => `${check}: ${message}`).join('\n') };
}

/** What validate finds in the file of a run. */
export const validateFile = (): TopologyDiagnostics => verbs.validateTopology(plain, REQUEST);

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

/** A run that everything is agreed to. */
export const runOptions = ({ meanwhile }: Hooks) => ({
  agree: async () => {
    await meanwhile?.();
    return true;
  },
  progress: () => ({ event: () => {}, rollback: () => {}, close: async () => {} }),
  lockTimeoutMs: 10_000,
});

async function captureEnd(
  { fault }: Hooks,
  run: (session: Session) => Promise<Pick<RunResult, 'status' | 'findings'>>,
): Promise<RunEnd> {
  if (fault !== undefined) process.env['NETFORM_FAULT'] = fault;
  try {
    const { status, findings } = await run(withFaults(openHostSession(NO_PROGRESS)));
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

/** Whether an error is one that netform reports. */
export const isNetformError = (error: unknown): error is NetformError =>
  error instanceof Error && 'exitCode' in error && 'code' in error;
