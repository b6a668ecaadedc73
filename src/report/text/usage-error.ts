import { closestMatch } from '../../net/closest-match.ts';
import { usageLines } from '../help/command-help.ts';

/** The command whose line was wrong. `args`: what each is called, by its key. */
export type CommandSyntax = {
  readonly id: string;
  readonly usage: readonly string[];
  readonly flags: readonly string[];
  readonly args: { readonly [key: string]: string };
};

type UsageMessage = { readonly message: string; readonly hint: string };

/** The syntax of a command from its declaration, before oclif's parser gives the arguments other names. */
export function commandSyntax({ id, usage, args, flags, baseFlags }: CommandDeclaration): CommandSyntax {
  const name = id.replaceAll(':', ' ');
  const shown = Object.values(args).map((arg) => ({ name: arg.name, required: arg.required === true }));
  return {
    ...{ id: name, usage: usageLines({ id: name, usage: usage === undefined ? null : [usage].flat(), args: shown }) },
    flags: Object.keys({ ...flags, ...baseFlags }).map((flag) => `--${flag}`),
    args: Object.fromEntries(Object.entries(args).map(([key, arg]) => [key, arg.name])),
  };
}

type CommandDeclaration = {
  readonly id: string;
  readonly usage?: string | readonly string[] | undefined;
  readonly args: { readonly [key: string]: { readonly name: string; readonly required?: boolean | undefined } };
  readonly flags: object;
  readonly baseFlags: object;
};

/** What oclif's parser says of a command line, in our words. */
export function usageMessage(text: string, words: CommandSyntax): UsageMessage {
  for (const [pattern, say] of USAGE_FORMATTERS) {
    const [found, ...parts] = pattern.exec(text) ?? [];
    if (found !== undefined) return { hint: usageHint(words.id), ...say(parts, words) };
  }
  return { message: text, hint: usageHint(words.id) };
}

/** Where it stands how a command is used. */
export const usageHint = (command: string): string => `netform ${command} --help shows how it is used`;

type UsageFormatter = (
  parts: readonly string[],
  words: CommandSyntax,
) => { readonly message: string; readonly hint?: string };

const USAGE_FORMATTERS: readonly (readonly [RegExp, UsageFormatter])[] = [
  [/^Nonexistent flags?: (.*)$/m, ([flags = ''], words) => unknownFlags(flags.split(', '), words)],
  [
    /^Unexpected arguments?: (.*)$/m,
    ([unexpected], { id, args }) => ({
      message: `${id} takes no ${Object.keys(args).length === 0 ? '' : 'such '}argument: ${unexpected}`,
    }),
  ],
  [/^Missing \d+ required args?:\n([\s\S]*)$/, ([rows = ''], words) => missingArguments(rows.split('\n'), words)],
  [/^Flag (--\S+) expects a value/, ([flag]) => ({ message: `${flag} needs a value` })],
  [
    /^Expected (?:(--[\w-]+)=)?(.*) to be one of: (.*)$/m,
    ([flag, value, all]) => ({ message: `${flag === undefined ? '' : `${flag} `}${value} is none of ${all}` }),
  ],
  [
    /^Parsing (--\S+)\s+Expected an integer(.*) but received: (.*)$/m,
    ([flag, limit, value]) => ({ message: `${flag} ${value} is not a whole number${limit}` }),
  ],
  [/when using (--\S+): (--\S+)$/m, ([flag, other]) => ({ message: `${flag} needs ${other}` })],
  [
    /(--[\w-]+)\S* cannot also be provided when using (--\S+)/,
    ([flag, other]) => ({ message: `${flag} and ${other} do not go together` }),
  ],
];

function unknownFlags(
  flags: readonly string[],
  { id, flags: known }: CommandSyntax,
): { message: string; hint?: string } {
  const meant = closestMatch(flags[0] ?? '', known);
  const message = `${id} has no ${flags.length === 1 ? 'flag' : 'flags'} ${flags.join(', ')}`;
  return meant === null ? { message } : { message, hint: `did you mean ${meant}?` };
}

function missingArguments(rows: readonly string[], { args, usage }: CommandSyntax): { message: string; hint?: string } {
  const names = rows.flatMap((row) => args[row.split(' ')[0] ?? ''] ?? []);
  const message = `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} missing`;
  return { message, hint: `it is written ${usage.join(' or ')}` };
}
