import { EXIT, netformError } from '../model/error.ts';
import { confirm, isAsked } from './ask.ts';
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
 * `apply` asks on a terminal before something is deleted or replaced; `destroy` always asks there, and without one
 * throws E_NOT_CONFIRMED. `--yes` answers; `--json` shows nothing.
 */
export const changing = (verb: 'apply' | 'destroy', { json, yes, paint }: Manner): Talk => ({
  agree: async (view) => {
    if (!json) process.stdout.write(planText(view, verb, paint));
    if (yes || !isQuestionable(verb, view)) return true;
    if (isAsked()) return confirm(verb === 'apply' ? 'Apply this plan?' : `Destroy the lab ${view.plan.lab}?`);
    if (verb === 'apply') return true;
    throw netformError('E_NOT_CONFIRMED', EXIT.usage, `nobody is there to confirm that ${view.plan.lab} shall go`, {
      hint: 'run it again with --yes; nothing was changed',
    });
  },
  progress: (view) => (json ? silent : progress(view.described.map(({ operation }) => operation))),
  summary: (ending) => summaryText(verb, ending),
});

function isQuestionable(verb: 'apply' | 'destroy', view: PlanView): boolean {
  const counts = countsOf(view);
  return verb === 'destroy' || counts.delete + counts.replace > 0;
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
