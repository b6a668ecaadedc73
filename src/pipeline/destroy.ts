import { planGoal } from '../engine/plan/plan.ts';
import { findUnmanagedObjects, leavingQuery } from '../engine/unmanaged.ts';
import type { RunResult } from '../model/results/run-result.ts';
import { readState } from '../store/state.ts';
import { withLockedMachine } from './host-session.ts';
import { destroyGoal } from './planning/goals.ts';
import { processLines, readLeavingProcesses } from './planning/leaving-processes.ts';
import { toPlanView } from './planning/plan-view.ts';
import { recoverAll } from './recovery/recover-all.ts';
import { resolveLabName } from './resolve/lab.ts';
import { readHostLinkNames, warnLeftAccepts } from './run/accept-rules-warning.ts';
import { warnLeftBehind, warnRunningProcesses } from './run/destroy-warnings.ts';
import { type RunInteraction, runResult } from './run/interaction.ts';
import { readMadeByPlugins, warnPluginLeftovers } from './run/plugin-leftovers-warning.ts';
import { runPlan } from './run/run-plan.ts';
import { refuseSshCut } from './run/ssh-guard.ts';
import { warnEnabled, warnKept, warnUnreadableLabs } from './run/warnings.ts';
import type { Session } from './session.ts';
import { tuneForLargeLab } from './v8-tuning.ts';

/** Removes a lab and restores what was there before its first apply, from the state alone; missing objects are ignored. */
export const destroyLab = (session: Session, target: string | null, options: RunInteraction): Promise<RunResult> => {
  const { command = `destroy ${target ?? ''}`.trim() } = options;
  return withLockedMachine(session, { command, timeoutMs: options.lockTimeoutMs }, async (opened) => {
    const { machine, store, progress } = opened;
    await recoverAll(opened);
    const lab = resolveLabName(store, target);
    const state = readState(store, lab);
    if (state === null) return runResult('absent', lab, {});
    warnUnreadableLabs(opened, lab);
    if (state.resources.length > LARGE_LAB_RESOURCES) tuneForLargeLab();
    const { confirmSeconds = null } = options;
    const plain = destroyGoal(store, state);
    const planned = planGoal(machine, { ...plain, extraQuery: leavingQuery(plain) });
    if (confirmSeconds === null) refuseSshCut(planned);
    const namespaces = [...new Set(state.resources.map(({ netns }) => netns))];
    warnKept(opened, planned);
    const held = readLeavingProcesses(machine, planned);
    const extras = [...findUnmanagedObjects(planned), ...processLines(held)];
    const view = toPlanView(planned, { file: lab, namespaces, extras });
    if (!(await options.agree(view, null))) return runResult('declined', lab, { view });
    warnLeftBehind(progress, planned);
    const links = readHostLinkNames(machine);
    const made = readMadeByPlugins(machine);
    const run = {
      command: options.command ?? `destroy ${lab}`,
      confirmSeconds,
      next: () => null,
      display: () => options.progress(view),
    };
    const ms = await runPlan(opened, planned, { ...run, onFailure: 'continue' });
    warnRunningProcesses(opened, held);
    warnLeftAccepts(opened, links);
    warnPluginLeftovers(opened, made);
    warnEnabled(opened, lab);
    return runResult('done', lab, { view, ms, confirmSeconds });
  });
};

const LARGE_LAB_RESOURCES = 1000;
