import type { CommandEntry, CommandTable } from './command-types.ts';
import { type PackageInfo, versionText } from './version.ts';

/** Runs a command line and sets the exit code. */
export async function runCommandLine(
  argv: readonly string[],
  pjson: PackageInfo,
  commands: CommandTable,
): Promise<void> {
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  const [first = '', second = '', ...more] = words;
  if (VERSION_WORDS.has(first)) return void process.stdout.write(versionText(pjson));
  const isTopic = words.length === 1 && Object.keys(commands).some((id) => id.startsWith(`${first}:`));
  if (words.length === 0 || isTopic || asksForHelp(words)) {
    const { showHelp } = await import('./help.ts');
    return showHelp(words, commands, pjson).catch(printError);
  }
  const id = commands[`${first}:${second}`] ? `${first}:${second}` : first;
  const entry = commands[id];
  if (entry) return runCommand(id, entry, { argv: id === first ? words.slice(1) : more, pjson, commands });
  const { unknownCommandError } = await import('./unknown-command.ts');
  return printError(unknownCommandError(words, commands));
}

type CommandRun = { readonly argv: readonly string[]; readonly pjson: PackageInfo; readonly commands: CommandTable };

async function runCommand(id: string, { load }: CommandEntry, { argv, pjson, commands }: CommandRun): Promise<void> {
  const Command = await load();
  Command.id = id;
  const { NetformConfig } = await import('./oclif-config.ts');
  await new Command([...argv], new NetformConfig(commands, pjson)).begin(commands);
}

/** Prints an error that no command caught. */
async function printError(error: unknown): Promise<void> {
  const { cliErrorText, toCliError } = await import('../report/text/cli-error.ts');
  const cliError = toCliError(error);
  process.exitCode = cliError.exitCode;
  process.stderr.write(cliErrorText(cliError));
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h');
}

const VERSION_WORDS = new Set(['--version', '-V', '-v', 'version']);
