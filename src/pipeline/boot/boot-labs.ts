import { setTimeout } from 'node:timers/promises';
import { type CheckName, checkCodes } from '../../model/diagnostics/check-codes.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { RunResult } from '../../model/results/run-result.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import {
  COPIED_TOPOLOGY,
  type EnabledLab,
  lastGoodFolder,
  listEnabledLabs,
  readEnabledLab,
} from '../../store/enabled-labs.ts';
import { type ApplyOptions, applyTopology } from '../apply.ts';
import type { Session } from '../session.ts';
import type { TopologyRequest } from '../topology/resolve.ts';

/** Which labs, null: all that are enabled; and how long to wait for containers. */
export type BootRequest = { readonly lab: string | null; readonly waitMs: number };

/** How the boot of one lab ended. `problem`: why its file was not applied; null: it was. */
export type BootedLab = {
  readonly lab: string;
  readonly status: 'done' | 'unchanged' | 'failed';
  /** Whether what was applied is the copy of what was applied last. */
  readonly isCopy: boolean;
  readonly problem: string | null;
  readonly exitCode: number;
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
/** Of a container that does not run yet. */
const WAITS_FOR: CheckName = 'container-absent';
/** How codes of checks begin that compare a file with the machine. */
const OF_MACHINE = 'NF3';

/** Applies the labs that are enabled, as at boot: where a file cannot be read or used, what was applied last. */
export async function bootLabs(
  session: Session,
  request: BootRequest,
  options: ApplyOptions,
): Promise<readonly BootedLab[]> {
  const labs = request.lab === null ? listEnabledLabs(session.store) : [request.lab];
  const booted: BootedLab[] = [];
  for (const lab of labs) {
    const one = readEnabledLab(session.store, lab);
    if (one === null)
      throw netformError('E_WHICH_LAB', EXIT.usage, `the lab ${lab} is not enabled`, { hint: `netform enable ${lab}` });
    booted.push(await bootLab(session, one, { waitMs: request.waitMs, options }));
  }
  return booted;
}

type BootTerms = { readonly waitMs: number; readonly options: ApplyOptions };

async function bootLab(session: Session, one: EnabledLab, terms: BootTerms): Promise<BootedLab> {
  const { lab, file, vars, varFile } = one;
  const found = file === null ? null : await attempt(session, { file, vars, varFile }, terms);
  if (found !== null && (found.problem === null || found.isOfMachine)) return toBooted(lab, false, found);
  const folder = lastGoodFolder(session.store, lab);
  const problem = found?.problem ?? null;
  if (folder === null) {
    const none = problem ?? 'it has no file, and nothing was kept of it';
    return { lab, status: 'failed', isCopy: false, problem: none, exitCode: found?.exitCode ?? EXIT.usage };
  }
  const request = { file: file ?? '-', vars: [], varFile: null, copy: { folder, name: COPIED_TOPOLOGY } };
  const second = await attempt(session, request, terms);
  return { ...toBooted(lab, true, second), problem: second.problem ?? problem };
}

/** `isOfMachine`: the file was understood, so its copy would meet the same problem. */
type Attempt = {
  readonly status: 'done' | 'unchanged' | 'failed';
  readonly problem: string | null;
  readonly isOfMachine: boolean;
  readonly exitCode: number;
};

const toBooted = (lab: string, isCopy: boolean, { status, problem, exitCode }: Attempt): BootedLab => ({
  ...{ lab, status, isCopy, problem, exitCode },
});

/** Tries to apply, again and again while only a container is missing. */
async function attempt(session: Session, request: TopologyRequest, { waitMs, options }: BootTerms): Promise<Attempt> {
  const deadline = elapsedMs() + waitMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const tried = await tryApply(session, request, options);
    if (!tried.isWaiting || elapsedMs() + pause > deadline) return tried;
    await setTimeout(pause);
  }
}

async function tryApply(
  session: Session,
  request: TopologyRequest,
  options: ApplyOptions,
): Promise<Attempt & { readonly isWaiting: boolean }> {
  try {
    return toAttempt(await applyTopology(session, request, options));
  } catch (error) {
    const { exitCode, message } = toProblem(error);
    return { status: 'failed', problem: message, isOfMachine: exitCode !== EXIT.usage, exitCode, isWaiting: false };
  }
}

function toAttempt({ status, findings }: RunResult): Attempt & { readonly isWaiting: boolean } {
  if (status === 'done' || status === 'unchanged')
    return { status, problem: null, isOfMachine: false, exitCode: EXIT.done, isWaiting: false };
  const errors = findings?.diagnostics.filter(({ severity }) => severity === 'error') ?? [];
  const isWaiting = errors.length > 0 && errors.every(({ check }) => check === WAITS_FOR);
  const isOfMachine = errors.length > 0 && errors.every(({ check }) => checkCodes[check].startsWith(OF_MACHINE));
  const problem =
    errors.map(({ message, check }) => `${message} [${checkCodes[check]}]`).join('; ') || 'it was declined';
  return { status: 'failed', problem, isOfMachine, exitCode: EXIT.topology, isWaiting };
}

const toProblem = (error: unknown): { readonly message: string; readonly exitCode: number } =>
  error instanceof Error
    ? {
        message: error.message,
        exitCode: 'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : EXIT.internal,
      }
    : { message: String(error), exitCode: EXIT.internal };
