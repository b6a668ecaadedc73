import { type Command, CommandHelp, Help } from '@oclif/core';
import { wrapText } from '../model/values/wrap-text.ts';
import { commandWords, fillTemplate, usageLines } from './command-syntax.ts';
import { COMMAND_GROUPS, type CommandClass, type CommandTable } from './command-types.ts';
import { listedCommand, NetformConfig } from './oclif-config.ts';
import { unknownCommandError } from './unknown-command.ts';
import type { PackageInfo } from './version.ts';

/** Prints help: of a command, of a topic such as `import`, else of the program. Throws E_USAGE for an unknown command. */
export async function showHelp(argv: readonly string[], commands: CommandTable, pjson: PackageInfo): Promise<void> {
  const words = argv.filter((word) => word !== '' && !word.startsWith('-'));
  const help = new NetformHelp(commands, pjson);
  const ids = words.map((_, i) => words.slice(0, i + 1).join(':')).toReversed();
  for (const id of ids) {
    const entry = commands[id];
    if (entry) return help.showCommandHelp(describedCommand(id, await entry.load()));
  }
  const [topic] = words;
  if (topic === undefined) return help.showRootHelp();
  if (words.length > 1 || !Object.keys(commands).some((id) => id.startsWith(`${topic}:`)))
    throw unknownCommandError(words, commands);
  return help.showTopicHelp({ name: topic });
}

/** oclif's help, with the commands in groups. */
export class NetformHelp extends Help {
  protected override CommandHelpClass = NetformCommandHelp;
  private readonly table: CommandTable;

  constructor(table: CommandTable, pjson: PackageInfo) {
    super(new NetformConfig(table, pjson), {
      maxWidth: pageWidth(),
      docopts: false,
      hideCommandSummaryInDescription: true,
    });
    this.table = table;
    this.render = (text) => text;
  }

  override async showRootHelp(): Promise<void> {
    const { version } = this.config;
    const intro = `netform ${version}: describe a network lab in one YAML file, and build it on this machine.\n`;
    this.log(wrapText(intro, pageWidth()));
    this.log(`${this.section('USAGE', '$ netform COMMAND [FLAGS]')}\n`);
    for (const group of COMMAND_GROUPS) this.log(`${this.section(group.toUpperCase(), this.rowsOf(group))}\n`);
    this.log('netform COMMAND --help describes a command, with examples.');
    this.log('A first lab: netform init, then netform apply.');
  }

  override async showTopicHelp(topic: { readonly name: string }): Promise<void> {
    await super.showTopicHelp(topic);
  }

  protected override formatTopic({ name }: { readonly name: string }): string {
    return `${this.section('USAGE', `$ netform ${name} COMMAND [FLAGS]`)}\n`;
  }

  private rowsOf(group: string): [string, string][] {
    return Object.entries(this.table)
      .filter(([, { help }]) => help.group === group)
      .toSorted(([, a], [, b]) => a.help.position - b.help.position)
      .map(([id, { summary }]) => [commandWords(id), summary]);
  }
}

/** oclif's help of a command. It fills the names in templates itself: oclif's ejs takes milliseconds. */
class NetformCommandHelp extends CommandHelp {
  constructor(...given: ConstructorParameters<typeof CommandHelp>) {
    super(...given);
    this.render = (text) => fillTemplate(text, given[0].id);
  }
}

/** A command as oclif's help describes it. */
function describedCommand(id: string, command: CommandClass): Command.Loadable {
  const { summary = '', description, usage, examples, args, flags, baseFlags } = command;
  const lines = usageLines({ id, usage, args }).map((line) => line.replace(/^netform /, ''));
  const described = { description, usage: lines, examples, args, flags: { ...flags, ...baseFlags } };
  return { ...listedCommand(id, summary), ...described };
}

const MAX_WIDTH = 100;

const pageWidth = (): number => Math.min(process.stdout.columns || MAX_WIDTH, MAX_WIDTH);
