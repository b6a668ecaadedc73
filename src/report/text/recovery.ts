import type { Json } from '../../model/json.ts';
import { type RecoveryNotice, utcTimeText } from '../../model/results/recovery-notice.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import type { Paint } from './colour.ts';

/** What happened to interrupted runs, as one line for each on standard error. */
export const recoveryText = (all: readonly RecoveryNotice[], paint: Paint): string =>
  all.map((one) => `${paint('yellow', 'netform:')} ${escapeControl(recoverySentence(one))}\n`).join('');

/** What happened to interrupted runs, as data; empty when there were none. */
export const recoveryJson = (all: readonly RecoveryNotice[]): { readonly [key: string]: Json } =>
  all.length === 0 ? {} : { recovered: all.map((one) => ({ ...one, message: recoverySentence(one) })) };

function recoverySentence({ lab, command, at, outcome, secondsLeft }: RecoveryNotice): string {
  const run = `\`${command}\` of ${utcTimeText(at)}`;
  switch (outcome) {
    case 'finished':
      return `${run} was complete when it was interrupted: the record of the lab ${lab} is now written`;
    case 'undone':
      return `${run} was interrupted and is rolled back: the lab ${lab} is as it was before that run`;
    case 'in-pieces':
      return `${run} was interrupted and is rolled back, except for a part of the lab ${lab} that could not be restored; netform plan shows it`;
    case 'unconfirmed':
      return `${run} was not confirmed in time and is rolled back: the lab ${lab} is as it was before that run`;
    case 'rolled-back':
      return `${run} is rolled back: the lab ${lab} is as it was before that run`;
    case 'expired':
      return `${run} was not confirmed in time: the next apply or destroy, or netform rollback ${lab}, first rolls it back`;
    case 'rebooted':
      return `${run} was interrupted by a reboot: the files and the record of the lab ${lab} are as they were before that run`;
    case 'pending':
      return `${run} is not confirmed yet, ${secondsLeft} s are left: netform confirm ${lab} keeps it, netform rollback ${lab} rolls it back`;
    case 'damaged':
      return `the journal of an interrupted run of the lab ${lab} is damaged: the next apply or destroy says what to do`;
    case 'interrupted':
      return `${run} was interrupted: the next apply or destroy, or netform rollback ${lab}, first rolls it back`;
  }
}
