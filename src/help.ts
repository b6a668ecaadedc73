import type { Command } from '@oclif/core';
import { HelpBase } from '@oclif/core/help';
import { commandHelp, type Helped, rootHelp, topicHelp } from './report/help.ts';
import { paintFor } from './report/paint.ts';
import { unknownCommand } from './report/unknown-command.ts';

/** oclif's help: of the whole program, of what begins with a word, of one command. */
export default class Help extends HelpBase {
  override async showHelp(argv: string[]): Promise<void> {
    const words = argv.filter((word) => word !== '' && !word.startsWith('-'));
    const { commands, version } = this.config;
    const listed = commands.map(({ id, summary = '' }) => ({ id: id.replaceAll(':', ' '), summary }));
    const ids = words.map((_, i) => words.slice(0, i + 1).join(' ')).toReversed();
    const found = ids.map((id) => commands.find((one) => one.id.replaceAll(':', ' ') === id)).find(Boolean);
    if (found) return this.showCommandHelp(found);
    const [topic] = words.join(' ').split(':');
    const inside = listed.filter(({ id }) => id.startsWith(`${topic} `));
    if (topic === '' || topic === undefined) say(rootHelp(listed, { version }, page()));
    else if (words.length === 1 && inside.length > 0) say(topicHelp(topic, inside, page()));
    else await unknownCommand({ id: words.join(':'), argv: [], config: this.config });
  }

  override async showCommandHelp(command: Command.Loadable): Promise<void> {
    say(commandHelp(helped(command.id, await command.load()), page()));
  }
}

const say = (text: string): void => void process.stdout.write(text);

const page = () => ({
  width: Math.min(process.stdout.columns || WIDTH, WIDTH),
  paint: paintFor(process.stdout, process.argv.includes('--no-color') ? 'never' : 'auto'),
});

const WIDTH = 100;

function helped(
  id: string,
  { summary = '', description = '', usage, examples, args, flags, baseFlags }: Class,
): Helped {
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

type Class = Awaited<ReturnType<Command.Loadable['load']>>;
