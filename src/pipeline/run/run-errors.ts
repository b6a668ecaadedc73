import type { VerifyResult } from '../../engine/apply/apply-and-verify.ts';
import type { StepFailure } from '../../engine/apply/events.ts';
import type { ConvergeResult } from '../../engine/converge.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { Operation } from '../../model/operation.ts';

/** The error of a run that failed and was rolled back. `signal` is the exit code for the signal that stopped it. */
export function runFailureError(result: ConvergeResult, signal: number | null): NetformError {
  const [first] = result.failures;
  const said = first ? failureText(first) : verificationText(result.unsettled);
  const reason = result.stopped ? 'the run was stopped by a signal' : said;
  const details = result.failures.slice(1, MAX_LINES).map(failureText);
  if (result.rolledBack === 'incomplete') {
    return netformError('E_ROLLBACK_INCOMPLETE', EXIT.rollbackIncomplete, reason, {
      details: [...details, 'not everything could be undone; this is left:', ...result.leftovers.map(remainingText)],
      hint: 'look at what is left; netform rollback, or the next apply or destroy, tries again',
    });
  }
  const exit = result.stopped ? (signal ?? EXIT.rolledBack) : EXIT.rolledBack;
  return netformError(result.stopped ? 'E_STOPPED' : 'E_FAILED', exit, reason, {
    details: [...details, 'everything that had been done is undone: the machine is as it was before'],
  });
}

/** The error of a run that continued after failures and rolled nothing back. `signal` is the exit code for the signal. */
export function incompleteRunError(result: ConvergeResult, signal: number | null): NetformError {
  const details = [...result.failures.slice(0, MAX_LINES).map(failureText), ...result.leftovers.map(remainingText)];
  const [code, message] = result.stopped
    ? ['E_STOPPED', 'the run was stopped by a signal before everything was removed']
    : ['E_INCOMPLETE', 'not everything could be removed'];
  return netformError(code, result.stopped ? (signal ?? EXIT.rollbackIncomplete) : EXIT.rollbackIncomplete, message, {
    details,
    hint: 'look at what is left, then run netform destroy again',
  });
}

/** What was refused, and what is left, of something that had to be undone. */
export const rollbackDetails = ({ failures, left }: VerifyResult): readonly string[] => [
  ...failures.slice(0, MAX_LINES).map(failureText),
  ...(left.length > 0 ? ['this is left:', ...left.map(remainingText)] : []),
];

const MAX_LINES = 20;

function failureText({ operation, instruction, code, message }: StepFailure): string {
  const step = instruction === null ? '' : ` (${instruction.do})`;
  return `${operation?.id ?? 'the machine'}: ${message} [${code}]${step}`;
}

const verificationText = (left: readonly Operation[]): string =>
  `the machine did not become as the file says: ${left.slice(0, 5).map(remainingText).join('; ') || 'no reason is known'}`;

const remainingText = ({ id, action, changes }: Operation): string => {
  const fields = changes.map(({ path }) => path.join('.')).join(', ');
  return fields === '' ? `${id}: still to ${action}` : `${id}: still to ${action} ${fields}`;
};
