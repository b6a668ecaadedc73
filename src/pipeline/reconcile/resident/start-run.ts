import { type BackgroundProgram, startBackgroundProgram } from '../../../kernel/process/detached-process.ts';
import { isJsonObject, type Json } from '../../../model/json.ts';
import { EXIT_WILL_RETRY } from '../../../reconcile/exit-code.ts';
import { entryPath } from '../../assets.ts';
import type { ResidentRequest, WatchList } from './resident-run.ts';

/** What a run says to the resident reconcile that started it. `watch` null: it could not begin, or failed. */
export type RunReport = {
  readonly exitCode: number;
  readonly isNews: boolean;
  readonly text: string;
  readonly json: Json;
  readonly watch: WatchList | null;
};

/** A run at work in a program of its own. */
export type StartedRun = { readonly report: Promise<RunReport>; readonly signal: BackgroundProgram['signal'] };

const RESIDENT_RUN = entryPath('resident-run');

/** Starts a run. What it writes on standard error is written there. */
export function startRun({ name, file, manner, lockTimeoutMs }: ResidentRequest): StartedRun {
  const args = [...process.execArgv, RESIDENT_RUN, name, file, manner, String(lockTimeoutMs)];
  const { ended, signal } = startBackgroundProgram(process.execPath, args);
  return { report: ended.then(({ stdout }) => toReport(stdout)), signal };
}

/** A run that was killed has said nothing, and is made again. */
function toReport(stdout: string): RunReport {
  const said = stdout === '' ? null : JSON.parse(stdout);
  if (isJsonObject(said)) return said as unknown as RunReport;
  return { exitCode: EXIT_WILL_RETRY, isNews: false, text: '', json: null, watch: null };
}
