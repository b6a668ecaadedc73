import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import type { ReconcileOrders, ReconcileState } from '../../model/results/reconcile-state.ts';
import { gravestExit } from '../../reconcile/exit-code.ts';
import type { ReconcileSettings } from '../../reconcile/settings.ts';
import { readReconcileOrders } from '../../store/reconcile-store.ts';
import type { Session } from '../session.ts';
import { machineVariables } from './machine-facts.ts';
import { reconcileOnce } from './reconcile.ts';
import type { RunManner } from './reconcile-run.ts';
import { reportChanges } from './report-changes.ts';
import { withRunLock } from './run-lock.ts';
import { type ReconcileFile, readReconcileFile } from './settings-file.ts';
import { openSource } from './sources/open-source.ts';
import type { ReconcileSource } from './sources/source.ts';

/** How a run is made; `over`: pauses after failures are, and what was refused is tried again. */
export type RunReconcileOptions = {
  readonly lockTimeoutMs: number;
  readonly pauses: 'kept' | 'over';
  /** Left out: `whole`. */
  readonly manner?: RunManner;
};

/** What a run came to; `findings`: the mistakes of the reconcile file, with which nothing was done. */
export type ReconcileResult = {
  readonly name: string;
  readonly findings: TopologyDiagnostics | null;
  readonly state: ReconcileState | null;
  readonly orders: ReconcileOrders;
  readonly exitCode: number;
  /** Another run of netform was in the way. */
  readonly isBusy: boolean;
};

/** The results of several runs, and their exit code: the gravest. */
export type ReconcileResults = { readonly results: readonly ReconcileResult[]; readonly exitCode: number };

/** Runs several reconciles once, one after the other. Throws what `runReconcile` throws. */
export async function runReconciles(
  session: Session,
  files: readonly ReconcileFile[],
  options: RunReconcileOptions,
): Promise<ReconcileResults> {
  const results: ReconcileResult[] = [];
  for (const file of files) results.push(await runReconcile(session, file, options));
  return { results, exitCode: gravestExit(results.map(({ exitCode }) => exitCode)) };
}

/** Runs a reconcile once. Throws E_LOCKED when another run of it is at work for too long. */
export async function runReconcile(
  session: Session,
  file: ReconcileFile,
  { lockTimeoutMs, pauses, manner = 'whole' }: RunReconcileOptions,
): Promise<ReconcileResult> {
  const { settings, findings } = readReconcileFile(file);
  const { store } = session;
  const orders = readReconcileOrders(store, file.name);
  if (settings === null) return { name: file.name, findings, state: null, orders, exitCode: 0, isBusy: false };
  return withRunLock(store, { name: file.name, timeoutMs: lockTimeoutMs }, async () => {
    const now = Date.now;
    const { variables, source } = worldOf(session, settings);
    const isForced = pauses === 'over';
    const world = { session, settings, source, now, orders, variables, isForced, lockTimeoutMs, manner };
    const ended = await reconcileOnce(world);
    const state = await reportChanges({ session, settings, orders, now }, ended);
    const { exitCode, isBusy } = ended;
    return { name: file.name, findings: null, state, orders, exitCode, isBusy };
  });
}

/** Where a variable needs a fact that the machine does not have, there is nothing to apply: what was applied last is looked after. */
function worldOf(
  { store }: Session,
  settings: ReconcileSettings,
): { readonly variables: ReadonlyMap<string, string>; readonly source: ReconcileSource } {
  const found = machineVariables(settings);
  if ('lacks' in found) {
    const problem = `this machine has no \${${found.lacks}}, which the variable ${found.variable} needs`;
    return {
      variables: new Map(),
      source: { fetch: () => ({ kind: 'unreachable', problem }), problem: () => problem },
    };
  }
  return { variables: found.variables, source: openSource(store, settings) };
}
