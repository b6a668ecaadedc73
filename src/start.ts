import { aboutText } from './about.ts';
import { COMMANDS } from './all-commands.ts';
import type { Concrete } from './described.ts';

/** Does what the command line says. */
export async function start(argv: readonly string[], pjson: Package): Promise<void> {
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  const [first = '', second = '', ...more] = words;
  if (VERSION.has(first)) return void process.stdout.write(aboutText(pjson));
  if (words.length === 0 || asksForHelp(words) || (TOPICS.has(first) && words.length === 1)) {
    const { showHelp } = await import('./help.ts');
    return showHelp(words, COMMANDS, pjson.version);
  }
  const inTwoWords = COMMANDS[`${first}:${second}`];
  if (inTwoWords) return begin(inTwoWords, `${first}:${second}`, more);
  const command = COMMANDS[first];
  if (command) return begin(command, first, words.slice(1));
  const { unknownCommand } = await import('./report/unknown-command.ts');
  unknownCommand(words, Object.keys(COMMANDS));
}

/** oclif would look at all commands before it begins one, which takes longer than most of them do. */
async function begin(load: () => Promise<Concrete>, id: string, argv: readonly string[]): Promise<void> {
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

const VERSION = new Set(['--version', '-V', '-v', 'version']);
const TOPICS = new Set(Object.keys(COMMANDS).flatMap((id) => (id.includes(':') ? [id.slice(0, id.indexOf(':'))] : [])));

type Package = { readonly name: string; readonly version: string };
