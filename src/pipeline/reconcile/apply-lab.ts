import { join } from 'node:path';
import { checkCodes } from '../../model/diagnostics/check-codes.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT } from '../../model/error.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import type { GoodRevision } from '../../model/results/reconcile-state.ts';
import { ignoredChanges } from '../../reconcile/ignore-rules.ts';
import type { LabOutcome } from '../../reconcile/lab-records.ts';
import type { ReconcileSettings } from '../../reconcile/settings.ts';
import { treeFolder } from '../../store/reconcile-store.ts';
import { type ApplyOptions, applyTopology } from '../apply.ts';
import type { TopologyRequest } from '../topology/resolve.ts';
import { mistakesText } from './find-labs.ts';
import { NO_DISPLAY, type ReconcileRun, runCommand } from './reconcile-run.ts';

/** What `reconcile approve` has said yes to for one lab and one commit. */
export type Approvals = ReadonlySet<string>;

/** How a lab is applied: with how much time to confirm it (null: it counts at once), and what was approved. */
export type LabApplyTerms = { readonly confirmSeconds: number | null; readonly approved: Approvals };

/** How it ended: `applied` with the changes that were made, which may wait to be confirmed. */
export type LabApplyResult =
  | { readonly kind: 'applied'; readonly changes: number; readonly isPending: boolean }
  | Exclude<LabOutcome, { readonly kind: 'synced' | 'healed' | 'drifted' }>;

/** The absolute path of the topology that a revision is of; null: its files are no longer kept. */
export function revisionFile({ session, settings }: ReconcileRun, { tree, file }: GoodRevision): string | null {
  const folder = treeFolder(session.store, settings.name, tree);
  return folder === null ? null : join(folder, file);
}

/** Applies a lab as a revision has it, within what the machine's own file allows. */
export async function applyLab(run: ReconcileRun, target: GoodRevision, terms: LabApplyTerms): Promise<LabApplyResult> {
  const { session, settings, lockTimeoutMs } = run;
  const file = revisionFile(run, target);
  if (file === null)
    return {
      kind: 'failed',
      reason: 'lost',
      problem: `the files of ${target.commit.slice(0, 12)} are no longer there`,
    };
  const request: TopologyRequest = { file, vars: target.vars, varFile: null };
  let gate: LabApplyResult | null = null;
  const options: ApplyOptions = {
    agree: async (view) => {
      gate = gateOf(settings, view, terms.approved);
      return gate === null;
    },
    progress: () => NO_DISPLAY,
    lockTimeoutMs,
    confirmSeconds: terms.confirmSeconds,
    command: runCommand(settings),
    foreign: terms.approved.has('adopt') ? 'adopt' : 'refuse',
    keeps: (operation) => ignoredChanges(settings.ignore, operation),
  };
  return withOutcome(async () => {
    const { status, findings, view, confirmSeconds } = await applyTopology(session, request, options);
    if (gate !== null) return gate;
    if (status === 'refused') return refusal(target.file, findings);
    return { kind: 'applied', changes: view?.described.length ?? 0, isPending: confirmSeconds !== null };
  });
}

/** What forbids a plan; null: nothing does. */
export function gateOf(
  { deletes }: Pick<ReconcileSettings, 'deletes'>,
  view: Pick<PlanView, 'described' | 'empties'>,
  approved: Approvals,
): LabApplyResult | null {
  const count = view.described.filter(({ operation }) => operation.action === 'delete').length;
  if (view.empties && !approved.has('emptied')) {
    const problem = `nothing of the lab is left in it: ${count} to delete`;
    return { kind: deletes.empty === 'hold' ? 'held' : 'refused', reason: 'emptied', problem };
  }
  if (count <= deletes.most || approved.has('deletes') || view.empties) return null;
  return { kind: 'held', reason: 'deletes', problem: `${count} to delete, and deletes: { most: ${deletes.most} }` };
}

/** Codes of checks begin so that compare a file with the machine. */
const OF_MACHINE = 'NF3';

function refusal(file: string, findings: TopologyDiagnostics | null): LabApplyResult {
  const errors = findings?.diagnostics.filter(({ severity }) => severity === 'error') ?? [];
  const problem = findings === null ? `${file} cannot be used` : mistakesText(file, errors, findings.locate);
  if (errors.some(({ foreign }) => foreign))
    return { kind: 'held', reason: 'adopt', problem: `something that is not of the lab is in the way: ${problem}` };
  const isOfMachine = errors.length > 0 && errors.every(({ check }) => checkCodes[check].startsWith(OF_MACHINE));
  return isOfMachine ? { kind: 'failed', reason: 'machine', problem } : { kind: 'refused', reason: 'invalid', problem };
}

/** What an error of a run means for a lab. Throws what is not about the lab: a signal, or a mistake of our own. */
export async function withOutcome(work: () => Promise<LabApplyResult>): Promise<LabApplyResult> {
  try {
    return await work();
  } catch (error) {
    const exitCode = error instanceof Error && 'exitCode' in error ? error.exitCode : null;
    const problem = error instanceof Error ? error.message : String(error);
    switch (exitCode) {
      case EXIT.rollbackIncomplete:
        return { kind: 'stopped', problem };
      case EXIT.locked:
      case EXIT.stale:
        return { kind: 'busy', problem };
      case EXIT.foreign:
        return { kind: 'held', reason: 'adopt', problem };
      case EXIT.rolledBack:
        return { kind: 'failed', reason: 'apply', problem };
      case EXIT.topology:
      case EXIT.drift:
        return { kind: 'failed', reason: 'machine', problem };
      case EXIT.internal:
      case EXIT.usage:
        return { kind: 'failed', reason: 'error', problem };
      default:
        throw error;
    }
  }
}
