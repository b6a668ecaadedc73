import { EXIT } from '../../model/error.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { cliErrorText } from './cli-error.ts';
import { usageHint } from './usage-error.ts';

/** Says what is wrong with the words, and what was probably meant. Exit 2. */
export function reportUnknownCommand(words: readonly string[], commandIds: readonly string[]): void {
  const ids = commandIds.map((one) => one.replaceAll(':', ' '));
  process.exitCode = EXIT.usage;
  process.stderr.write(
    cliErrorText({ code: 'E_USAGE', exitCode: EXIT.usage, details: [], ...unknownCommandMessage(words, ids) }),
  );
}

/** Words that are no command: one that is, with words that it does not take; a part of one; or none at all. */
export function unknownCommandMessage(words: readonly string[], ids: readonly string[]): UnknownCommandMessage {
  const [first = '', second] = words;
  if (ids.includes(first)) return { message: `${first} takes no argument: ${second}`, hint: usageHint(first) };
  const topic = ids.filter((id) => id.startsWith(`${first} `));
  const name = topic.length > 0 && second !== undefined && !second.startsWith('-') ? `${first} ${second}` : first;
  const meant = closestMatch(name, topic.length > 0 ? topic : ids);
  const help = topic.length > 0 ? `netform ${first} --help` : 'netform --help';
  return {
    message: `there is no command ${name}`,
    hint: meant === null ? `${help} shows the commands` : `did you mean ${meant}?`,
  };
}

type UnknownCommandMessage = { readonly message: string; readonly hint: string };
