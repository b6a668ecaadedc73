import { EXIT, type NetformError, netformError } from '../model/error.ts';
import { closestMatch } from '../net/closest-match.ts';
import type { CommandSyntax } from './command-syntax.ts';
import { foreignFlagHint } from './foreign-flags.ts';

/** A mistake in the command line that only the command can see, with an example of the right form. */
export const usageError = (message: string, example: string): NetformError =>
  netformError('E_USAGE', EXIT.usage, message, { hint: `for example: ${example}` });

/** The error that a flag's own parser throws: `--count must be …`, with the sentence in `reason`. */
export const flagValueError = (reason: string): Error & { readonly reason: string } =>
  Object.assign(new Error(reason), { reason });

/** What oclif's parser found wrong with a command line (E_USAGE), from the fields of its error; null: another error. */
export function toUsageError(
  error: unknown,
  command: CommandSyntax,
  argv: readonly string[] = [],
): NetformError | null {
  if (!isParserError(error)) return null;
  const { message, hint = helpHint(command.id) } = parserErrorMessage(error, command, argv);
  return netformError('E_USAGE', EXIT.usage, message, { hint });
}

/** Where to read how a command is called. */
export const helpHint = (command: string): string => `see netform ${command} --help`;

/**
 * An error of oclif's parser (@oclif/core/lib/parser/errors.d.ts): `flags` of NonExistentFlagsError, `args` of
 * UnexpectedArgsError (words) and RequiredArgsError (declarations), `parse` of FailedFlagValidationError; `reason` is ours.
 */
type ParserError = Error & {
  readonly reason?: string;
  readonly flags?: readonly string[];
  readonly args?: readonly (string | { readonly name: string })[];
  readonly parse?: { readonly input?: { readonly flags: FlagRelations }; readonly output?: { readonly flags: object } };
};
type FlagRelations = {
  readonly [flag: string]: { readonly dependsOn?: readonly unknown[]; readonly exclusive?: readonly unknown[] };
};
type UsageMessage = { readonly message: string; readonly hint?: string };

function isParserError(error: unknown): error is ParserError {
  if (!(error instanceof Error) || 'details' in error) return false;
  if ('reason' in error) return true;
  return 'oclif' in error && error.oclif instanceof Object && 'exit' in error.oclif && error.oclif.exit === EXIT.usage;
}

function parserErrorMessage(error: ParserError, command: CommandSyntax, argv: readonly string[]): UsageMessage {
  const { reason, flags, args = [], parse } = error;
  if (reason !== undefined) return { message: reason };
  if (flags !== undefined) return unknownFlags(flags, command, argv);
  const unexpected = args.filter((arg) => typeof arg === 'string');
  if (unexpected.length > 0) return unexpectedArguments(unexpected, command);
  if (args.length > 0)
    return missingArguments(
      args.flatMap((arg) => (typeof arg === 'string' ? [] : arg.name)),
      command,
    );
  const conflict = parse?.input === undefined ? null : flagConflict(parse.input.flags, parse.output?.flags ?? {});
  return { message: conflict ?? sentenceOf(error) };
}

function unknownFlags(flags: readonly string[], command: CommandSyntax, argv: readonly string[]): UsageMessage {
  const { id, flags: known } = command;
  const [first = ''] = flags;
  const message = `${id} has no ${flags.length === 1 ? 'flag' : 'flags'} ${flags.join(', ')}`;
  const habit = foreignFlagHint(first, command, argv);
  if (habit !== null) return { message, hint: habit };
  const meant = closestMatch(first, known);
  return meant === null ? { message } : { message, hint: `did you mean ${meant}?` };
}

const unexpectedArguments = (words: readonly string[], { id, args }: CommandSyntax): UsageMessage => ({
  message: `${id} takes no ${Object.keys(args).length === 0 ? '' : 'such '}argument: ${words.join(', ')}`,
  ...(id === 'shell' ? { hint: `a program is run with netform exec NAMESPACE -- ${words.join(' ')}` } : {}),
});

function missingArguments(keys: readonly string[], { args, usage }: CommandSyntax): UsageMessage {
  const names = keys.map((key) => args[key] ?? key);
  const message = `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missing`;
  return { message, hint: `usage: ${usage.join(' or ')}` };
}

/** The first given flag that needs or excludes another one. */
function flagConflict(declared: FlagRelations, values: object): string | null {
  const given = Object.entries(values).flatMap(([flag, value]) => (value === undefined ? [] : flag));
  for (const flag of given) {
    const { dependsOn = [], exclusive = [] } = declared[flag] ?? {};
    const missing = dependsOn.find((other) => !given.includes(String(other)));
    if (missing !== undefined) return `--${flag} needs --${missing}`;
    const excluded = exclusive.find((other) => given.includes(String(other)));
    if (excluded !== undefined) return `--${flag} cannot be used with --${excluded}`;
  }
  return null;
}

/** The first line of an error of oclif's that has no fields: `flag --count expects a value`, `--format must be svg, …`. */
function sentenceOf({ message }: Error): string {
  const [first = ''] = message.split('\n');
  const [, flag, value = '', choices] = /^Expected (?:(--[\w-]+)=)?(.*) to be one of: (.*)$/.exec(first) ?? [];
  if (choices !== undefined)
    return `${flag ?? 'the argument'} must be ${choices.replace(/, ([^,]*)$/, ' or $1')}, not ${value}`;
  return first.charAt(0).toLowerCase() + first.slice(1);
}
