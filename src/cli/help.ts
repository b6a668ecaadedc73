import { type CommandHelp, commandHelp, rootHelp, topicHelp } from '../report/help/command-help.ts';
import { paintFor } from '../report/text/colour.ts';
import { reportUnknownCommand } from '../report/text/unknown-command.ts';
import type { CommandMetadata, CommandTable } from './command-types.ts';

/** Help: of the whole program, of what begins with a word, of one command. */
export async function showHelp(argv: readonly string[], commands: CommandTable, version: string): Promise<void> {
  const words = argv.filter((word) => word !== '' && !word.startsWith('-'));
  const ids = words.map((_, i) => words.slice(0, i + 1).join(':')).toReversed();
  const found = ids.find((id) => commands[id]);
  const command = await (found === undefined ? null : commands[found]?.());
  if (found !== undefined && command) return print(commandHelp(toCommandHelp(found, command), pageFormat()));
  const all = Object.entries(commands).map(async ([id, load]) => ({
    id: spacedId(id),
    summary: (await load()).summary ?? '',
  }));
  const listed = await Promise.all(all);
  const [topic] = words.join(' ').split(':');
  const inside = listed.filter(({ id }) => id.startsWith(`${topic} `));
  if (topic === '' || topic === undefined) print(rootHelp(listed, { version }, pageFormat()));
  else if (words.length === 1 && inside.length > 0) print(topicHelp(topic, inside, pageFormat()));
  else reportUnknownCommand(words, Object.keys(commands));
}

const spacedId = (id: string): string => id.replaceAll(':', ' ');

const print = (text: string): void => void process.stdout.write(text);

const pageFormat = () => ({
  width: Math.min(process.stdout.columns || WIDTH, WIDTH),
  paint: paintFor(process.stdout, process.argv.includes('--no-color') ? 'never' : 'auto'),
});

const WIDTH = 100;

function toCommandHelp(
  id: string,
  { summary = '', description = '', usage, examples, args, flags, baseFlags }: CommandMetadata,
): CommandHelp {
  const name = id.replaceAll(':', ' ');
  const line = (text: string) => text.replaceAll('<%= config.bin %>', 'netform').replaceAll('<%= command.id %>', name);
  return {
    ...{ id: name, summary, description },
    usage: usage === undefined ? null : [usage].flat(),
    args: Object.values(args).map((arg) => ({
      ...{ name: arg.name, required: arg.required === true, about: arg.description ?? '' },
      value: typeof arg.default === 'string' ? arg.default : null,
    })),
    flags: Object.entries({ ...flags, ...baseFlags }).map(([flag, about]) => ({
      ...{ name: flag, char: about.char ?? null, about: about.summary ?? '' },
      label: about.type === 'option' ? String(about.helpValue ?? about.options?.join('|') ?? 'VALUE') : null,
      value: 'default' in about && ['string', 'number'].includes(typeof about.default) ? String(about.default) : null,
    })),
    examples: (Array.isArray(examples) ? examples : []).map((one) =>
      typeof one === 'string'
        ? { about: null, command: line(one) }
        : { about: one.description, command: line(one.command) },
    ),
  };
}
