import { EXIT, netformError } from '../model/error.ts';
import { confirm, confirmByName, isAsked } from './ask.ts';
import type { Paint } from './paint.ts';
import { countsOf, type PlanView, planText } from './plan.ts';
import { type Progress, progress, silent } from './progress.ts';

/** How a command that changes the machine talks: what it shows, asks, reports on the way, and says in the end. */
export type Talk = {
  readonly agree: (view: PlanView) => Promise<boolean>;
  readonly progress: (view: PlanView) => Progress;
  readonly summary: (ending: Ended) => string;
};

export type Ended = {
  readonly status: 'refused' | 'declined' | 'unchanged' | 'done' | 'absent';
  readonly lab: string;
  readonly view: PlanView | null;
  /** Milliseconds. */
  readonly ms: number;
  /** Seconds in which it has to be confirmed; null: it counts. */
  readonly confirmSeconds: number | null;
};

type Manner = { readonly json: boolean; readonly yes: boolean; readonly paint: Paint };

/**
 * `apply` asks on a terminal before something is deleted or replaced; `destroy`, and an apply that leaves nothing of a
 * lab, always ask there, for its name if it is large, and without a terminal throw E_NOT_CONFIRMED. `--yes` answers; `--json` shows nothing.
 */
export const changing = (verb: 'apply' | 'destroy', { json, yes, paint }: Manner): Talk => ({
  agree: async (view) => {
    if (!json) process.stdout.write(planText(view, verb, paint));
    if (yes || !isQuestionable(verb, view)) return true;
    const { lab } = view.plan;
    if (isAsked()) return isLarge(view) ? confirmByName(largeText(view), lab) : confirm(questionOf(verb, view));
    if (!view.empties) return true;
    const why = verb === 'apply' ? `${view.file} has nothing in it: ` : '';
    throw netformError('E_NOT_CONFIRMED', EXIT.usage, `${why}nobody is there to confirm that the lab ${lab} shall go`, {
      hint: 'run it again with --yes; nothing was changed',
    });
  },
  progress: (view) => (json ? silent : progress(view.described.map(({ operation }) => operation))),
  summary: (ending) => summaryText(verb, ending),
});

function isQuestionable(verb: 'apply' | 'destroy', view: PlanView): boolean {
  const counts = countsOf(view);
  return verb === 'destroy' || view.empties || counts.delete + counts.replace > 0;
}

/** From so many namespaces on, a lab that shall go has to be called by its name. */
const MANY_NAMESPACES = 21;

const isLarge = (view: PlanView): boolean => view.empties && namespacesIn(view) >= MANY_NAMESPACES;

const namespacesIn = ({ described }: PlanView): number =>
  new Set(described.map(({ operation }) => operation.netns).filter((netns) => netns !== 'host')).size;

const largeText = (view: PlanView): string =>
  `This removes the whole lab ${view.plan.lab} with its ${namespacesIn(view)} namespaces.`;

function questionOf(verb: 'apply' | 'destroy', view: PlanView): string {
  if (verb === 'destroy') return `Destroy the lab ${view.plan.lab}?`;
  return view.empties ? `${view.file} has nothing in it. Remove the whole lab ${view.plan.lab}?` : 'Apply this plan?';
}

function summaryText(verb: 'apply' | 'destroy', { status, lab, view, ms, confirmSeconds }: Ended): string {
  if (status === 'absent') return `Nothing to do: the lab ${lab} is not on this machine.\n`;
  if (status === 'declined') return 'Nothing was changed.\n';
  if (status === 'refused' || view === null) return '';
  const next = confirmSeconds === null ? '' : toConfirm(lab, confirmSeconds);
  if (verb === 'destroy') return `Destroyed ${lab} in ${seconds(ms)}; verified.\n${next}`;
  return status === 'unchanged' ? '' : `Applied ${lab} in ${seconds(ms)}; verified.\n${next}`;
}

const toConfirm = (lab: string, time: number): string =>
  `It is undone ${time} s after it began, unless: netform confirm ${lab}   (at once: netform rollback ${lab})\n`;

const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
