import { EXIT, type NetformError, netformError } from '../model/error.ts';
import { shellWord } from '../model/values/shell-word.ts';
import { closestMatch } from '../net/closest-match.ts';
import { commandWords } from './command-syntax.ts';
import type { CommandTable } from './command-types.ts';
import { helpHint } from './usage-error.ts';

/** Words that are not a command (E_USAGE), with the command that was probably meant. */
export function unknownCommandError(words: readonly string[], commands: CommandTable): NetformError {
  const ids = Object.keys(commands).map(commandWords);
  const [first = '', second] = words;
  const file = words.find((word) => /\.(?:ya?ml|json)$/.test(word));
  if (first.startsWith('-') || first === file) return commandFirstError(words, { file, commands });
  if (ids.includes(first)) return unknownError(`${first} takes no argument: ${second}`, helpHint(first));
  const topic = ids.filter((id) => id.startsWith(`${first} `));
  const name = topic.length > 0 && second !== undefined && !second.startsWith('-') ? `${first} ${second}` : first;
  const [synonym] = Object.keys(commands).filter((id) => commands[id]?.synonyms.includes(first));
  const meant = synonym ?? closestMatch(name, topic.length > 0 ? topic : ids);
  const help = topic.length > 0 ? `netform ${first} --help` : 'netform --help';
  return unknownError(
    `there is no command ${name}`,
    meant === null ? `${help} lists the commands` : `did you mean ${meant}?`,
  );
}

/** A command line that begins with a flag or a file. */
function commandFirstError(
  words: readonly string[],
  { file, commands }: { readonly file: string | undefined; readonly commands: CommandTable },
): NetformError {
  const [command] = words.flatMap((word) =>
    Object.keys(commands).filter((id) => id === word || commands[id]?.synonyms.includes(word)),
  );
  const argument = file === undefined ? '' : ` ${shellWord(file)}`;
  const hint = command
    ? `netform ${commandWords(command)}${argument}`
    : `netform plan${argument} shows what netform apply${argument} would change`;
  return unknownError(`the command comes first, before ${words[0]}`, hint);
}

const unknownError = (message: string, hint: string): NetformError =>
  netformError('E_USAGE', EXIT.usage, message, { hint });
