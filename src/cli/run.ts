import { COMMANDS } from '../commands/index.ts';
import type { CommandClass } from './command-types.ts';
import { versionText } from './version.ts';

/** Does what the command line says. */
export async function runCommandLine(argv: readonly string[], pjson: PackageInfo): Promise<void> {
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  const [first = '', second = '', ...more] = words;
  if (VERSION_WORDS.has(first)) return void process.stdout.write(versionText(pjson));
  if (words.length === 0 || asksForHelp(words) || (TOPICS.has(first) && words.length === 1)) {
    const { showHelp } = await import('./help.ts');
    return showHelp(words, COMMANDS, pjson.version);
  }
  const inTwoWords = COMMANDS[`${first}:${second}`];
  if (inTwoWords) return runCommand(inTwoWords, `${first}:${second}`, more);
  const command = COMMANDS[first];
  if (command) return runCommand(command, first, words.slice(1));
  const { reportUnknownCommand } = await import('../report/text/unknown-command.ts');
  reportUnknownCommand(words, Object.keys(COMMANDS));
}

/** oclif would look at all commands before it begins one, which takes longer than most of them do. */
async function runCommand(load: () => Promise<CommandClass>, id: string, argv: readonly string[]): Promise<void> {
  const Command = await load();
  Command.id = id;
  const { Config } = await import('@oclif/core');
  const runHook = async () => ({ successes: [], failures: [] });
  const asked = { bin: 'netform', runHook, scopedEnvVarKeys: () => [] };
  const command = new Command([...argv], Object.assign(new Config({ root: '' }), asked));
  await command.begin(COMMANDS);
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h');
}

const VERSION_WORDS = new Set(['--version', '-V', '-v', 'version']);
const TOPICS = new Set(Object.keys(COMMANDS).flatMap((id) => (id.includes(':') ? [id.slice(0, id.indexOf(':'))] : [])));

type PackageInfo = { readonly name: string; readonly version: string };
