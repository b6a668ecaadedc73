import { EXIT, netformError } from '../../model/error.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import type { ProgressDisplay } from '../../model/results/progress.ts';
import type { RunResult } from '../../model/results/run-result.ts';
import type { TerminalProgress } from '../progress/terminal-progress.ts';
import type { Paint } from '../text/colour.ts';
import { planCounts, planText } from '../text/plan.ts';
import { isInteractive, promptForName, promptYesNo } from './prompt.ts';

/** The dialog of a command that changes the machine: the question before it, the progress, and the summary at the end. */
export type RunDialog = {
  readonly agree: (view: PlanView) => Promise<boolean>;
  readonly progress: (view: PlanView) => ProgressDisplay;
  readonly summary: (ending: RunResult) => string;
};

type RunDialogOptions = {
  readonly json: boolean;
  readonly yes: boolean;
  readonly paint: Paint;
  /** Breaks the lines of a text that are wider than standard output. */
  readonly wrap: (text: string) => string;
  readonly terminal: TerminalProgress;
};

/**
 * On a terminal `apply` asks before it deletes or replaces anything. `destroy`, and an apply that removes the whole lab,
 * always ask, for the name of a large lab, and throw E_NOT_CONFIRMED without a terminal. `--yes` answers every question;
 * `--json` prints nothing.
 */
export const runDialog = (
  verb: 'apply' | 'destroy',
  { json, yes, paint, wrap, terminal }: RunDialogOptions,
): RunDialog => ({
  agree: async (view) => {
    if (!json) process.stdout.write(wrap(planText(view, verb, { paint, isFull: false })));
    if (yes || !needsConfirmation(verb, view)) return true;
    const { lab } = view.plan;
    if (isInteractive())
      return isLargeLab(view) ? promptForName(largeLabText(view), lab) : promptYesNo(confirmQuestion(verb, view));
    if (!view.empties) return true;
    const why = verb === 'apply' ? `${view.file} is empty: ` : '';
    const message = `${why}refusing to remove lab ${lab}: no terminal to confirm on`;
    throw netformError('E_NOT_CONFIRMED', EXIT.usage, message, {
      hint: 'run it again with --yes; nothing was changed',
    });
  },
  progress: (view) => terminal.display(view.described.map(({ operation }) => operation)),
  summary: (ending) => wrap(summaryText(verb, ending)),
});

function needsConfirmation(verb: 'apply' | 'destroy', view: PlanView): boolean {
  const counts = planCounts(view);
  return verb === 'destroy' || view.empties || counts.delete + counts.replace > 0;
}

/** A lab with at least so many namespaces is removed only when its name is typed. */
const MANY_NAMESPACES = 21;

const isLargeLab = (view: PlanView): boolean => view.empties && namespaceCount(view) >= MANY_NAMESPACES;

const namespaceCount = ({ described }: PlanView): number =>
  new Set(described.map(({ operation }) => operation.netns).filter((netns) => netns !== 'host')).size;

const largeLabText = (view: PlanView): string =>
  `This removes the whole lab ${view.plan.lab} with its ${namespaceCount(view)} namespaces.`;

function confirmQuestion(verb: 'apply' | 'destroy', view: PlanView): string {
  if (verb === 'destroy') return `Destroy the lab ${view.plan.lab}?`;
  return view.empties ? `${view.file} is empty. Remove the whole lab ${view.plan.lab}?` : 'Apply this plan?';
}

function summaryText(verb: 'apply' | 'destroy', { status, lab, view, ms, confirmSeconds }: RunResult): string {
  if (status === 'absent') return `Nothing to do: the lab ${lab} is not on this machine.\n`;
  if (status === 'declined') return 'Nothing was changed.\n';
  if (status === 'refused' || view === null) return '';
  const next = confirmSeconds === null ? '' : confirmHint(lab, confirmSeconds);
  if (verb === 'destroy') return `Destroyed ${lab} in ${durationText(ms)}; verified.\n${next}`;
  return status === 'unchanged' ? '' : `Applied ${lab} in ${durationText(ms)}; verified.\n${next}`;
}

const confirmHint = (lab: string, time: number): string =>
  `It will be rolled back ${time} s after it began unless you run: netform confirm ${lab}. To roll back now: netform rollback ${lab}\n`;

const durationText = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
