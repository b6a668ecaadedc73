import type { AttemptResult, StepFailure } from '../../engine/apply/events.ts';
import type { ConvergeResult } from '../../engine/converge.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { Operation } from '../../model/operation.ts';

/** The error of a run that failed or was stopped, and was rolled back. `signal` is the exit code for the signal. */
export function runFailureError(
  { status, failures, remaining, rollback }: ConvergeResult,
  signal: number | null,
): NetformError {
  const [first, ...more] = failureTexts([...failures, ...(rollback?.failures ?? [])]);
  const isStopped = status === 'stopped';
  const reason = isStopped ? 'the run was stopped by a signal' : (first ?? verificationText(remaining));
  const details = more.slice(0, MAX_LINES - 1);
  if (rollback && rollback.status !== 'reached') {
    return netformError('E_ROLLBACK_INCOMPLETE', EXIT.rollbackIncomplete, reason, {
      details: [
        ...details,
        'some changes could not be rolled back; remaining:',
        ...rollback.remaining.map(remainingText),
      ],
      hint: 'look at what remains; netform rollback, or the next apply or destroy, tries again',
    });
  }
  const exit = isStopped ? (signal ?? EXIT.rolledBack) : EXIT.rolledBack;
  return netformError(isStopped ? 'E_STOPPED' : 'E_FAILED', exit, reason, {
    details: [...details, 'all changes were rolled back'],
  });
}

/** The error of a destroy that continued after failures and rolled nothing back. */
export const incompleteRunError = ({ failures, remaining }: ConvergeResult): NetformError =>
  netformError('E_INCOMPLETE', EXIT.rollbackIncomplete, 'not everything could be removed', {
    details: [...failureTexts(failures).slice(0, MAX_LINES), ...remaining.map(remainingText)],
    hint: 'look at what remains, then run netform destroy again',
  });

/** The failures of a rollback, and the operations that remain of it. */
export const rollbackDetails = ({ failures, remaining }: AttemptResult): readonly string[] => [
  ...failureTexts(failures).slice(0, MAX_LINES),
  ...(remaining.length > 0 ? ['remaining:', ...remaining.map(remainingText)] : []),
];

const MAX_LINES = 20;

/** Each once: what failed is tried again, by a repair or by the rollback, and may fail in the same way. */
const failureTexts = (failures: readonly StepFailure[]): readonly string[] => [...new Set(failures.map(failureText))];

function failureText({ operation, instruction, code, message }: StepFailure): string {
  const step = instruction === null ? '' : ` (${instruction.do})`;
  return `${operation?.id ?? 'the machine'}: ${message} [${code}]${step}`;
}

const verificationText = (remaining: readonly Operation[]): string =>
  [
    'verification failed: the machine still differs from the topology',
    remaining.slice(0, 5).map(remainingText).join('; '),
  ]
    .filter(Boolean)
    .join(': ');

const remainingText = ({ id, action, changes }: Operation): string => {
  const fields = changes.map(({ path }) => path.join('.')).join(', ');
  return fields === '' ? `${id}: still to ${action}` : `${id}: still to ${action} ${fields}`;
};
