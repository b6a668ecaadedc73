import { EXIT, netformError } from '../../model/error.ts';
import type { Json } from '../../model/json.ts';
import type { ForgetScope } from '../../model/results/forget-scope.ts';
import { isInteractive, promptYesNo } from './prompt.ts';

type ForgetSummary = ForgetScope & { readonly status: 'done' | 'declined' | 'absent' };

/** Asks whether to forget it, on a terminal. Throws E_NOT_CONFIRMED without one. */
export function confirmForget({ lab, ids, whole }: ForgetScope): Promise<boolean> {
  const what = whole ? `the lab ${lab}` : `${(ids ?? []).join(', ')} of the lab ${lab}`;
  if (isInteractive()) return promptYesNo(`Forget ${what}? The machine is not changed.`);
  throw netformError('E_NOT_CONFIRMED', EXIT.usage, `refusing to forget ${what}: no terminal to confirm on`, {
    hint: 'run it again with --yes; nothing was changed',
  });
}

/** What was forgotten, and what stays on the machine. */
export function forgetText({ lab, ids, whole, status }: ForgetSummary): string {
  if (status === 'absent') return `Nothing to do: the lab ${lab} is not on this machine.\n`;
  if (status === 'declined') return 'Nothing was changed.\n';
  if (!whole)
    return `Forgot ${(ids ?? []).join(', ')} of ${lab}: it stays as it is, and netform no longer manages it.\n`;
  const what = ids === null ? 'all its resources' : `its ${ids.length} resources`;
  const list = (ids ?? []).map((id) => `  ${id}\n`).join('');
  return `Forgot ${lab}: ${what} stay as they are, with their marks.\n${list}netform apply --adopt manages them again.\n`;
}

export const forgetJson = ({ lab, ids, status }: ForgetSummary): { readonly [key: string]: Json } => ({
  status,
  lab,
  ids,
});
