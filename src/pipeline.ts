import { convergeFrom, type Result } from './engine/converge.ts';
import type { Goal } from './engine/goal.ts';
import { type Planned, plan as planFor } from './engine/plan.ts';
import { bootId } from './kernel/boot.ts';
import { EXIT, netformError } from './model/error.ts';
import type { Instruction } from './model/instruction.ts';
import type { Machine } from './model/machine.ts';
import type { State } from './model/state.ts';
import { type Draft, draft, type Request } from './pipeline/draft.ts';
import { exitCodeOf, type Findings, findingsOf } from './pipeline/findings.ts';
import { goalOfNothing } from './pipeline/goal.ts';
import { failureOf, remainderOf } from './pipeline/outcome.ts';
import { compareWithState } from './pipeline/recorded.ts';
import { aloneOnMachine, onMachine } from './pipeline/session.ts';
import { type Watch, watchSignals } from './pipeline/signals.ts';
import { stickyOf } from './pipeline/sticky.ts';
import { isSound, type Survey, survey } from './pipeline/survey.ts';
import { labMeant } from './pipeline/target.ts';
import { roundsOf, viewOf } from './pipeline/view.ts';
import type { LabView } from './report/labs.ts';
import type { PlanView } from './report/plan.ts';
import type { Progress } from './report/progress.ts';
import { handOver } from './store/labs.ts';
import { ROOTS } from './store/roots.ts';
import { listLabs, readState, removeState, writeState } from './store/state.ts';

/** How a run that changes the machine talks to the person who started it. */
export type Run = {
  /** Shown the plan before anything is changed; false ends the run there. */
  readonly agree: (view: PlanView, findings: Findings | null) => Promise<boolean>;
  readonly progress: (view: PlanView) => Progress;
  /** How long another run is waited for. */
  readonly lockTimeoutMs: number;
};

export type Planning = { readonly findings: Findings; readonly view: PlanView | null; readonly rounds: Rounds };
type Rounds = readonly (readonly Instruction[])[];

/** What became of a run; of `refused` the findings say why, of `absent` there was nothing to destroy. */
export type Ending = {
  readonly status: 'refused' | 'declined' | 'unchanged' | 'done' | 'absent';
  readonly lab: string;
  readonly view: PlanView | null;
  readonly findings: Findings | null;
  readonly ms: number;
};

/** Every mistake of a file. Looks at nothing else. */
export const validate = (request: Request): Findings => findingsOf(draft(request, () => ({})));

/** What apply would do. Writes nothing, takes no lock. `view` is null when the findings forbid it. */
export const plan = (request: Request, foreign: 'refuse' | 'adopt'): Promise<Planning> =>
  onMachine((machine) => {
    const drafted = draft(request, (lab) => stickyOf(machine, lab));
    if (!isSound(drafted)) return { findings: findingsOf(drafted), view: null, rounds: [] };
    const { goal, planned, view, findings } = survey(machine, drafted, foreign);
    if (exitCodeOf(findings.diagnostics) !== EXIT.done) return { findings, view: null, rounds: [] };
    return { findings, view, rounds: roundsOf(goal, planned.plan) };
  });

/** Makes the machine as the file says, or leaves it as it was: lock → plan → agree → converge → remember. */
export const apply = (request: Request, run: Run & { readonly foreign: 'refuse' | 'adopt' }): Promise<Ending> =>
  aloneOnMachine({ command: `apply ${request.file}`, timeoutMs: run.lockTimeoutMs }, async (machine) => {
    const drafted = draft(request, (lab) => stickyOf(machine, lab));
    if (!isSound(drafted)) return ending('refused', '', { findings: findingsOf(drafted) });
    const surveyed = survey(machine, drafted, run.foreign);
    const { goal, planned, view, findings } = surveyed;
    if (exitCodeOf(findings.diagnostics) !== EXIT.done) return ending('refused', goal.lab, { findings });
    if (!(await run.agree(view, findings))) return ending('declined', goal.lab, { view, findings });
    const start = performance.now();
    await guarded(async (watch) => {
      const result = await execute(machine, planned, { goal, run, watch, view, onFailure: 'rollback' });
      if (!result.applied) throw failureOf(result, watch.exitCode());
      remember(drafted, surveyed, result);
    });
    const status = view.described.length === 0 ? 'unchanged' : 'done';
    return ending(status, goal.lab, { view, findings, ms: performance.now() - start });
  });

/** Makes the machine as it was before the lab was first applied, from the state alone; what is gone already is no matter. */
export const destroy = (target: string | null, run: Run): Promise<Ending> =>
  aloneOnMachine({ command: `destroy ${target ?? ''}`.trim(), timeoutMs: run.lockTimeoutMs }, async (machine) => {
    const lab = labMeant(target);
    const state = readState(ROOTS, lab);
    if (state === null) return ending('absent', lab, {});
    const goal = goalOfNothing(state);
    const planned = planFor(machine, goal);
    const view = viewOf(goal, planned.plan, { file: lab, namespaces: namespacesOf(state) });
    if (!(await run.agree(view, null))) return ending('declined', lab, { view });
    const start = performance.now();
    await guarded(async (watch) => {
      const result = await execute(machine, planned, { goal, run, watch, view, onFailure: 'continue' });
      if (!result.applied) throw remainderOf(result, watch.exitCode());
      handOver(ROOTS, lab, state.resources);
      removeState(ROOTS, lab);
    });
    return ending('done', lab, { view, ms: performance.now() - start });
  });

/** A lab of this machine, each resource compared with what is recorded of it. */
export const show = (target: string | null): Promise<LabView> =>
  onMachine((machine) => {
    const lab = labMeant(target);
    const state = readState(ROOTS, lab);
    if (state !== null) return compareWithState(machine, state);
    throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`, {
      hint: 'netform list shows those that are; netform apply makes it',
    });
  });

/** All labs of this machine, likewise. */
export const list = (): Promise<readonly LabView[]> =>
  onMachine((machine) =>
    listLabs(ROOTS).flatMap((lab) => {
      const state = readState(ROOTS, lab);
      return state === null ? [] : [compareWithState(machine, state)];
    }),
  );

const namespacesOf = (state: State): readonly string[] => [...new Set(state.resources.map(({ netns }) => netns))];

type Execution = {
  readonly goal: Goal;
  readonly run: Run;
  readonly watch: Watch;
  readonly view: PlanView;
  readonly onFailure: 'rollback' | 'continue';
};

async function execute(machine: Machine, planned: Planned, execution: Execution): Promise<Result> {
  const { goal, run, watch, view, onFailure } = execution;
  const progress = run.progress(view);
  const shouldStop = () => watch.exitCode() !== null;
  try {
    const options = { onFailure, shouldStop, events: progress.event, onRollback: progress.rollback };
    return await convergeFrom(machine, planned, { goal, options });
  } finally {
    await progress.close();
  }
}

async function guarded(work: (watch: Watch) => Promise<void>): Promise<void> {
  const watch = watchSignals();
  try {
    await work(watch);
  } finally {
    watch.release();
  }
}

/** What other labs hold too is theirs from now on; the state is written last. */
function remember(drafted: Draft, { goal }: Survey, { recorded }: Result): void {
  if (recorded === null) return;
  const kept = new Set(recorded.map((resource) => resource.id));
  const leaving = [...goal.recorded.values()].filter((resource) => !kept.has(resource.id));
  const { lab, uid } = goal;
  const state: State = {
    ...{ version: 1, lab, uid, bootId: bootId(), file: drafted.path, appliedAt: new Date().toISOString() },
    ...{ topology: drafted.source.rendered, resources: recorded },
  };
  handOver(ROOTS, lab, leaving);
  writeState(ROOTS, state);
}

const ending = (status: Ending['status'], lab: string, more: Partial<Ending>): Ending => ({
  ...{ status, lab, view: null, findings: null, ms: 0 },
  ...more,
});
