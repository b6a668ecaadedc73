import type { Goal } from '../engine/goal.ts';
import { bootId } from '../kernel/boot.ts';
import { EXIT } from '../model/error.ts';
import type { StateEntry } from '../model/kind.ts';
import { operationsOf } from '../model/operation.ts';
import type { RunResult } from '../model/results/run-result.ts';
import type { State } from '../model/state.ts';
import { recordedText } from '../source/expand/recorded-text.ts';
import { readState } from '../store/state.ts';
import { keepLastGood } from './boot/keep-last-good.ts';
import { withLockedMachine } from './host-session.ts';
import { compareWithMachine, type ForeignPolicy, isValidTopology } from './planning/compare.ts';
import { recordKept } from './planning/keep-changes.ts';
import { readSavedPlan, refuseStalePlan, resolveSavedPlan } from './planning/saved-plan.ts';
import { recoverAll } from './recovery/recover-all.ts';
import { readHostLinkNames, warnLeftAccepts } from './run/accept-rules-warning.ts';
import { type RunInteraction, runResult } from './run/interaction.ts';
import { readMadeByPlugins, warnPluginLeftovers } from './run/plugin-leftovers-warning.ts';
import { pruneConfirmConflict, pruneUnmanaged } from './run/prune-unmanaged.ts';
import { runPlan } from './run/run-plan.ts';
import { warnKept, warnUnreadableLabs } from './run/warnings.ts';
import type { Session } from './session.ts';
import { diagnosticsExitCode, toTopologyDiagnostics } from './topology/diagnostics.ts';
import { resolveRequest, type TopologyRequest, type TopologyResolution } from './topology/resolve.ts';

/** How apply talks to the user, and what it does with foreign and unmanaged objects. */
export type ApplyOptions = RunInteraction & ForeignPolicy;

/** Makes the machine match the topology, or leaves it as it was: lock → plan → agree → converge → record. */
export const applyTopology = (session: Session, request: TopologyRequest, options: ApplyOptions): Promise<RunResult> =>
  withLockedMachine(
    session,
    { command: commandOf(request, options), timeoutMs: options.lockTimeoutMs },
    async (opened) => {
      await recoverAll(opened);
      const { confirmSeconds: confirm = null } = options;
      const saved = readSavedPlan(request, options);
      const resolved = saved ? resolveSavedPlan(opened, saved) : resolveRequest(opened, request);
      if (!isValidTopology(resolved)) return runResult('refused', '', { findings: toTopologyDiagnostics(resolved) });
      const choice: ForeignPolicy = saved ? { foreign: saved.foreign, extras: saved.fate } : options;
      if (choice.extras === 'pruned' && confirm !== null) throw pruneConfirmConflict();
      const { foreign, extras = 'kept' } = choice;
      const { keeps } = options;
      const comparison = compareWithMachine(opened, resolved, {
        ...{ foreign, extras, ...(keeps ? { keeps } : {}) },
        ssh: confirm === null ? 'error' : null,
      });
      if (saved) refuseStalePlan(opened.store, saved, comparison);
      const { planned, view, findings, unmanaged, kept } = comparison;
      const { goal } = planned;
      warnUnreadableLabs(opened, goal.lab);
      warnKept(opened, planned);
      if (diagnosticsExitCode(findings.diagnostics) !== EXIT.done) return runResult('refused', goal.lab, { findings });
      if (!(await options.agree(view, findings))) return runResult('declined', goal.lab, { view, findings });
      const isChange = view.described.length > 0;
      const confirmSeconds = isChange ? confirm : null;
      const macSeed = readState(opened.store, goal.lab)?.macSeed;
      const next = (resources: readonly StateEntry[]): State => ({
        ...newState(resolved, goal, recordKept(resources, kept)),
        ...(macSeed === undefined ? {} : { macSeed }),
      });
      const run = { command: commandOf(request, options), confirmSeconds, next, display: () => options.progress(view) };
      const isRemoving = operationsOf(planned.plan).some(({ after }) => after === null);
      const before = isRemoving
        ? { links: readHostLinkNames(opened.machine), made: readMadeByPlugins(opened.machine) }
        : null;
      const ms = await runPlan(opened, planned, { ...run, onFailure: 'rollback' });
      if (before) warnLeftAccepts(opened, before.links);
      if (before) warnPluginLeftovers(opened, before.made);
      const isPruned =
        extras === 'pruned' && unmanaged.some(({ remove, role }) => remove !== null && role !== 'leaving');
      if (isPruned) pruneUnmanaged(opened.machine, unmanaged);
      if (confirmSeconds === null) keepLastGood(opened, goal.lab, resolved);
      return runResult(isChange || isPruned ? 'done' : 'unchanged', goal.lab, { view, findings, ms, confirmSeconds });
    },
  );

const commandOf = ({ file }: TopologyRequest, { command }: ApplyOptions): string => command ?? `apply ${file}`;

function newState(resolved: TopologyResolution, { lab, uid }: Goal, resources: readonly StateEntry[]): State {
  const { path: file, source } = resolved;
  const appliedAt = new Date().toISOString();
  return { version: 2, lab, uid, bootId: bootId(), file, appliedAt, topology: recordedText(source), resources };
}
