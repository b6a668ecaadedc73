import type { NetformError } from '../../model/error.ts';
import type { Json } from '../../model/json.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { type Paint, plainPaint } from './colour.ts';
import { type CommandSyntax, usageMessage } from './usage-error.ts';

/** Something that ended a command, in the form in which it is told. */
export type CliError = {
  readonly code: string;
  readonly exitCode: number;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
};

/** Whatever a command threw as a trouble: a NetformError as it says, a mistake in its line, else our own bug. */
export function toCliError(error: unknown, words: CommandSyntax = NO_COMMAND): CliError {
  if (isNetformError(error)) {
    const { code, exitCode, message, hint, details } = error;
    return { code, exitCode, message, hint, details };
  }
  if (!(error instanceof Error)) return internalError(String(error), []);
  if ('syscall' in error && 'code' in error) return systemError(error);
  const usage = usageErrorOf(error, words);
  return (
    usage ??
    internalError(
      error.message,
      (error.stack ?? '')
        .split('\n')
        .slice(1, 12)
        .map((line) => line.trim()),
    )
  );
}

/** `netform: sentence [CODE]`, indented details, and what to do next after `=`. */
export function cliErrorText(trouble: CliError, paint: Paint = plainPaint): string {
  const { code, message, details, hint } = trouble;
  return [
    `${paint('red', 'netform:')} ${message.split('\n').map(escapeControl).join('\n')} [${code}]`,
    ...details.map((line) => `  ${escapeControl(line)}`),
    ...(hint === null ? [] : [`  = ${escapeControl(hint)}`]),
    '',
  ].join('\n');
}

export const cliErrorJson = ({ code, exitCode, message, hint, details }: CliError): Json => ({
  code,
  exitCode,
  message,
  hint,
  details,
});

/** For a program that is no command. */
const NO_COMMAND: CommandSyntax = { id: '', usage: [], flags: [], args: {} };

/** The system refused something that a command needs, and nobody had better words for it. */
const systemError = ({ message }: Error): CliError => ({
  code: 'E_SYSTEM',
  exitCode: 1,
  message,
  hint: 'netform doctor says whether a run was left open, netform recover brings it to an end',
  details: [],
});

const USAGE = 2;

const isNetformError = (error: unknown): error is NetformError =>
  error instanceof Error && 'exitCode' in error && 'details' in error && 'code' in error;

function usageErrorOf(error: Error, words: CommandSyntax): CliError | null {
  const exit = 'oclif' in error && error.oclif instanceof Object && 'exit' in error.oclif ? error.oclif.exit : null;
  if (exit !== USAGE) return null;
  const lines = error.message.split('\n').filter((line) => !line.startsWith('See more help'));
  const wrong = usageMessage(lines.join('\n').trim(), words);
  return { code: 'E_USAGE', exitCode: USAGE, ...wrong, details: [] };
}

const internalError = (message: string, details: readonly string[]): CliError => ({
  code: 'E_INTERNAL',
  exitCode: 1,
  message,
  hint: message.startsWith('invariant') ? null : 'this is a bug in netform; please report it with the topology',
  details,
});
