import { EXIT, type NetformError } from '../../model/error.ts';
import type { Json } from '../../model/json.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { type Paint, plainPaint } from './colour.ts';

/** The error that ended a command, as it is printed. */
export type CliError = {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
};

/** Any thrown value as a printable error: a NetformError as it is, an errno as E_SYSTEM, all else as E_INTERNAL. */
export function toCliError(error: unknown): CliError {
  if (isNetformError(error)) {
    const { code, exitCode, message, hint, details } = error;
    return { code, exitCode, message, hint, details };
  }
  if (!(error instanceof Error)) return internalError(String(error), []);
  if ('syscall' in error && 'code' in error) return systemError(error);
  const stack = (error.stack ?? '').split('\n').slice(1, STACK_LINES + 1);
  return internalError(
    error.message,
    stack.map((line) => line.trim()),
  );
}

/** `netform: sentence [CODE]`, indented details, and what to do next after `=`. */
export function cliErrorText(error: CliError, paint: Paint = plainPaint): string {
  const { code, message, details, hint } = error;
  return [
    `${paint('red', 'netform:')} ${message.split('\n').map(escapeControl).join('\n')} [${code}]`,
    ...details.map((line) => `  ${escapeControl(line)}`),
    ...(hint === null ? [] : [`  = ${escapeControl(hint)}`]),
    '',
  ].join('\n');
}

/** The `error` member of a JSON answer. */
export const cliErrorJson = ({ code, exitCode, message, hint, details }: CliError): Json => ({
  code,
  exitCode,
  message,
  hint,
  details,
});

/** So many lines of the stack trace of an internal error are printed. */
const STACK_LINES = 11;

/** The system refused a call, and no caller had a better message for it. */
const systemError = ({ message }: Error): CliError => ({
  code: 'E_SYSTEM',
  exitCode: EXIT.internal,
  message,
  hint: 'netform doctor shows whether a run was interrupted, netform recover completes it',
  details: [],
});

const isNetformError = (error: unknown): error is NetformError =>
  error instanceof Error && 'exitCode' in error && 'details' in error && 'code' in error;

const internalError = (message: string, details: readonly string[]): CliError => ({
  code: 'E_INTERNAL',
  exitCode: EXIT.internal,
  message,
  hint: message.startsWith('invariant') ? null : 'this is a bug in netform; please report it with the topology',
  details,
});
