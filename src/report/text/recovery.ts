import type { Json } from '../../model/json.ts';
import { type RecoveryNotice, utcTimeText } from '../../model/results/recovery-notice.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import type { Paint } from './colour.ts';

/** One line each, for stderr. */
export const recoveryText = (all: readonly RecoveryNotice[], paint: Paint): string =>
  all.map((one) => `${paint('yellow', 'netform:')} ${escapeControl(recoverySentence(one))}\n`).join('');

export const recoveryJson = (all: readonly RecoveryNotice[]): { readonly [key: string]: Json } =>
  all.length === 0 ? {} : { recovered: all.map((one) => ({ ...one, message: recoverySentence(one) })) };

function recoverySentence({ lab, command, at, outcome, secondsLeft }: RecoveryNotice): string {
  const run = `\`${command}\` of ${utcTimeText(at)}`;
  switch (outcome) {
    case 'finished':
      return `${run} had reached its goal when it was ended: its record of the lab ${lab} is now written`;
    case 'undone':
      return `${run} was ended half-way: the lab ${lab} is now as it was before that run`;
    case 'in-pieces':
      return `${run} was ended half-way: it is undone, but a part of the lab ${lab} could not be put back; netform plan shows it`;
    case 'unconfirmed':
      return `nobody confirmed ${run} in time: the lab ${lab} is now as it was before that run`;
    case 'rolled-back':
      return `${run} is undone: the lab ${lab} is now as it was before that run`;
    case 'expired':
      return `nobody confirmed ${run} in time: the next apply or destroy, or netform rollback ${lab}, first puts back what was there before it`;
    case 'rebooted':
      return `${run} was ended by a reboot: the files and the record of the lab ${lab} are now as they were before that run`;
    case 'pending':
      return `${run} is not confirmed yet, ${secondsLeft} s are left: netform confirm ${lab} keeps it, netform rollback ${lab} undoes it`;
    case 'damaged':
      return `the journal of an interrupted run of the lab ${lab} is damaged: the next apply or destroy says what to do`;
    case 'interrupted':
      return `${run} was ended half-way: the next apply or destroy, or netform rollback ${lab}, first puts back what was there before it`;
  }
}
