import { EXIT, netformError } from '../../model/error.ts';
import type { Json } from '../../model/json.ts';
import type { ForgetScope } from '../../model/results/forget-scope.ts';
import { isInteractive, promptYesNo } from './prompt.ts';

type ForgetSummary = ForgetScope & { readonly status: 'done' | 'declined' | 'absent' };

/** Asks on a terminal; without one throws E_NOT_CONFIRMED. */
export function confirmForget({ lab, ids, whole }: ForgetScope): Promise<boolean> {
  const what = whole ? `the lab ${lab}` : `${(ids ?? []).join(', ')} of the lab ${lab}`;
  if (isInteractive()) return promptYesNo(`Forget ${what}? What is on the machine stays.`);
  throw netformError('E_NOT_CONFIRMED', EXIT.usage, `nobody is there to confirm that netform shall forget ${what}`, {
    hint: 'run it again with --yes; nothing was changed',
  });
}

/** What was let go of, and what stays behind. */
export function forgetText({ lab, ids, whole, status }: ForgetSummary): string {
  if (status === 'absent') return `Nothing to do: the lab ${lab} is not on this machine.\n`;
  if (status === 'declined') return 'Nothing was changed.\n';
  if (!whole) return `Forgot ${(ids ?? []).join(', ')} of ${lab}: it stays as it is, and netform does not touch it.\n`;
  const what = ids === null ? 'whatever it made' : `its ${ids.length} resources`;
  const list = (ids ?? []).map((id) => `  ${id}\n`).join('');
  return `Forgot ${lab}: ${what} stay as they are, with their marks.\n${list}netform apply --adopt takes them back.\n`;
}

export const forgetJson = ({ lab, ids, status }: ForgetSummary): { readonly [key: string]: Json } => ({
  status,
  lab,
  ids,
});
