import { cutBy, cutText } from './checks/cuts-ssh.ts';
import type { Goal } from './engine/goal.ts';
import { type Planned, plan as planFor } from './engine/plan.ts';
import { bootId } from './kernel/boot.ts';
import { sshSession } from './kernel/ssh.ts';
import { EXIT, netformError } from './model/error.ts';
import type { Instruction } from './model/instruction.ts';
import type { Recorded } from './model/kind.ts';
import { operationsOf } from './model/operation.ts';
import type { SavedPlan } from './model/saved-plan.ts';
import type { State } from './model/state.ts';
import { carryOut } from './pipeline/carry-out.ts';
import { type Draft, draft, type Request } from './pipeline/draft.ts';
import { exitCodeOf, type Findings, findingsOf } from './pipeline/findings.ts';
import { recoverFirst, type Tell } from './pipeline/first.ts';
import { goalOfNothing } from './pipeline/goal.ts';
import { heldNow, noteHeld, noteLeft } from './pipeline/leaving.ts';
import { type Note, noteUnreadable } from './pipeline/notes.ts';
import { optimiseLate } from './pipeline/optimise-late.ts';
import { pruneAll, pruneForGood } from './pipeline/prune.ts';
import { compareWithState } from './pipeline/recorded.ts';
import { unfinishedRuns } from './pipeline/recover.ts';
import { draftOfSaved, requireFresh, savedPlanIn, savedPlanOf } from './pipeline/saved.ts';
import { aloneOnMachine, onMachine } from './pipeline/session.ts';
import { stickyOf } from './pipeline/sticky.ts';
import { type Choice, isSound, survey } from './pipeline/survey.ts';
import { labMeant } from './pipeline/target.ts';
import { roundsOf, viewOf } from './pipeline/view.ts';
import type { LabView } from './report/labs.ts';
import type { PlanView } from './report/plan.ts';
import type { Progress } from './report/progress.ts';
import type { Recovered } from './report/recovered.ts';
import { otherLabs } from './store/labs.ts';
import { ROOTS } from './store/roots.ts';
import { readState } from './store/state.ts';

/** How a run that changes the machine talks to the person who started it. */
export type Run = {
  /** Shown the plan before anything is changed; false ends the run there. */
  readonly agree: (view: PlanView, findings: Findings | null) => Promise<boolean>;
  readonly progress: (view: PlanView) => Progress;
  /** How long another run is waited for. */
  readonly lockTimeoutMs: number;
  /** Undone unless it is confirmed within so many seconds; null, or left out: it counts at once. */
  readonly confirmSeconds?: number | null;
  /** Told what became of runs that had not come to their end. */
  readonly tell?: Tell;
  readonly note?: Note;
};

export type Planning = {
  readonly findings: Findings;
  readonly view: PlanView | null;
  /** What apply would ask of the machine, in the order of asking. */
  readonly rounds: () => readonly (readonly Instruction[])[];
  /** What is written to a file to be applied later; null when the findings forbid it. */
  readonly saved: (() => SavedPlan) | null;
};

/** What became of a run; of `refused` the findings say why, of `absent` there was nothing to destroy. */
export type Ending = {
  readonly status: 'refused' | 'declined' | 'unchanged' | 'done' | 'absent';
  readonly lab: string;
  readonly view: PlanView | null;
  readonly findings: Findings | null;
  readonly ms: number;
  /** Seconds in which it has to be confirmed; null: it counts. */
  readonly confirmSeconds: number | null;
};

/** Every mistake of a file. Looks at nothing else. */
export const validate = (request: Request): Findings => findingsOf(draft(request, () => ({})));

/** What apply would do. Writes nothing, takes no lock. `view` is null when the findings forbid it. */
export const plan = (request: Request, choice: Choice, note?: Note): Promise<Planning> =>
  onMachine((machine) => {
    const drafted = draft(request, (lab) => stickyOf(machine, lab));
    if (!isSound(drafted)) return refused(findingsOf(drafted));
    const surveyed = survey(machine, drafted, { ...choice, ssh: 'warning' });
    const { goal, planned, view, findings } = surveyed;
    noteUnreadable(note, goal.lab);
    if (exitCodeOf(findings.diagnostics) !== EXIT.done) return refused(findings);
    const saved = () => savedPlanOf({ request, choice }, drafted, surveyed);
    return { findings, view, rounds: () => roundsOf(goal, planned.plan), saved };
  });

/** Makes the machine as the file says, or leaves it as it was: lock → plan → agree → converge → remember. */
export const apply = (request: Request, run: Run & Choice): Promise<Ending> =>
  aloneOnMachine({ command: `apply ${request.file}`, timeoutMs: run.lockTimeoutMs }, async (machine) => {
    await recoverFirst(machine, run.tell);
    const saved = savedPlanIn(request, run);
    const drafted = saved ? draftOfSaved(machine, saved) : draft(request, (lab) => stickyOf(machine, lab));
    if (!isSound(drafted)) return ending('refused', '', { findings: findingsOf(drafted) });
    const choice: Choice = saved ? { foreign: saved.foreign, extras: saved.fate } : run;
    if (choice.extras === 'pruned' && (run.confirmSeconds ?? null) !== null) throw pruneForGood();
    const surveyed = survey(machine, drafted, {
      ...{ foreign: choice.foreign, extras: choice.extras ?? 'kept' },
      ssh: (run.confirmSeconds ?? null) === null ? 'error' : null,
    });
    if (saved) requireFresh(saved, surveyed);
    const { goal, planned, view, findings, extras } = surveyed;
    noteUnreadable(run.note, goal.lab);
    if (exitCodeOf(findings.diagnostics) !== EXIT.done) return ending('refused', goal.lab, { findings });
    if (!(await run.agree(view, findings))) return ending('declined', goal.lab, { view, findings });
    const isDone = view.described.length > 0;
    const confirmSeconds = isDone ? (run.confirmSeconds ?? null) : null;
    const next = (resources: readonly Recorded[]) => stateOf(drafted, goal, resources);
    const about = { command: `apply ${request.file}`, confirmSeconds, next, view };
    const ms = await carryOut(machine, planned, { goal, run, onFailure: 'rollback', ...about });
    const pruned = choice.extras === 'pruned' && extras.length > 0;
    if (pruned) pruneAll(machine, extras);
    return ending(isDone || pruned ? 'done' : 'unchanged', goal.lab, { view, findings, ms, confirmSeconds });
  });

/** Makes the machine as it was before the lab was first applied, from the state alone; what is gone already is no matter. */
export const destroy = (target: string | null, run: Run): Promise<Ending> =>
  aloneOnMachine({ command: `destroy ${target ?? ''}`.trim(), timeoutMs: run.lockTimeoutMs }, async (machine) => {
    await recoverFirst(machine, run.tell);
    const lab = labMeant(target);
    const state = readState(ROOTS, lab);
    if (state === null) return ending('absent', lab, {});
    noteUnreadable(run.note, lab);
    if (state.resources.length > LARGE_LAB) optimiseLate();
    const goal = goalOfNothing(state);
    const planned = planFor(machine, goal);
    if ((run.confirmSeconds ?? null) === null) keepSession(planned);
    const view = viewOf(goal, planned.plan, { file: lab, namespaces: namespacesOf(state) });
    if (!(await run.agree(view, null))) return ending('declined', lab, { view });
    noteLeft(run.note, goal, planned);
    const held = heldNow(machine, namespacesOf(state));
    const { confirmSeconds = null } = run;
    const about = { command: `destroy ${lab}`, confirmSeconds, next: () => null, view };
    const ms = await carryOut(machine, planned, { goal, run, onFailure: 'continue', ...about });
    noteHeld(run.note, machine, held);
    return ending('done', lab, { view, ms, confirmSeconds });
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
export const list = (note?: Note): Promise<readonly LabView[]> =>
  onMachine((machine) => {
    noteUnreadable(note, null);
    return otherLabs(ROOTS, null).states.map((state) => compareWithState(machine, state));
  });

/** Runs that were interrupted or wait to be confirmed, for a command that only looks. Empty when this process may not see. */
export function unfinished(): readonly Recovered[] {
  try {
    return unfinishedRuns();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') return [];
    throw error;
  }
}

const refused = (findings: Findings): Planning => ({ findings, view: null, rounds: () => [], saved: null });

/** Throws E_CUTS_SSH when a plan would cut the SSH session that it is made in. */
function keepSession({ plan, live }: Planned): void {
  const session = sshSession();
  const host = live.netns.get('host');
  const cut = session && host ? cutBy(operationsOf(plan), host, session) : null;
  if (cut === null) return;
  throw netformError('E_CUTS_SSH', EXIT.topology, cutText(cut), {
    hint: 'run it with --confirm 60s: it is then undone unless netform confirm comes in time; nothing was changed',
  });
}

const LARGE_LAB = 1000;

const namespacesOf = (state: State): readonly string[] => [...new Set(state.resources.map(({ netns }) => netns))];

function stateOf(drafted: Draft, { lab, uid }: Goal, resources: readonly Recorded[]): State {
  const { path: file, source } = drafted;
  const appliedAt = new Date().toISOString();
  return { version: 1, lab, uid, bootId: bootId(), file, appliedAt, topology: source.rendered, resources };
}

const ending = (status: Ending['status'], lab: string, more: Partial<Ending>): Ending => ({
  ...{ status, lab, view: null, findings: null, ms: 0, confirmSeconds: null },
  ...more,
});
