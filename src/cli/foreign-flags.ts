import { shellWord } from '../model/values/shell-word.ts';
import type { CommandSyntax } from './command-syntax.ts';

/** What stands for a flag that other tools have and this command does not, with the words of the command line; null: nothing. */
export function foreignFlagHint(
  flag: string,
  { id, flags, args }: CommandSyntax,
  argv: readonly string[],
): string | null {
  const [name = '', given] = flag.split('=', 2);
  const takesFile = ['file', 'lab', 'subject', 'script'].some((key) => key in args);
  if (FILE_FLAGS.has(name) && takesFile) {
    const file = given ?? valueAfter(name, argv) ?? 'lab.yaml';
    return `write the file without a flag: netform ${id} ${shellWord(file)}`;
  }
  if (DRY_RUN_FLAGS.has(name)) {
    const file = argv.find((word) => /\.(?:ya?ml|json)$/.test(word));
    return id === 'destroy'
      ? 'netform destroy shows what it removes, and asks before it does'
      : `netform plan${file === undefined ? '' : ` ${shellWord(file)}`} shows what apply would change`;
  }
  if (YES_FLAGS.has(name)) return flags.includes('--yes') ? 'write --yes' : `leave it out: ${id} asks nothing`;
  if (/^--?(?:all|a)$/.test(name)) {
    if (id === 'destroy') return 'netform list names the labs; netform destroy NAME removes one';
    return `leave it out: ${id} shows all that there is`;
  }
  if (/^-[it]{1,2}$/.test(name) && id === 'exec') return 'leave it out: the program has this terminal anyway';
  if (/^(?:-d|--detach|--wait)$/.test(name)) return `leave it out: ${id} ends when it is done, and what it made stays`;
  if (/^(?:-v+|--verbose|--debug)$/.test(name)) return 'leave it out: --json prints everything';
  if (/^(?:--json=.*|--output|--format|-o)$/.test(name) && argv.includes('json')) return 'write --json';
  if (/^(?:--reconfigure|--force-recreate|--refresh|--recreate)$/.test(name))
    return 'leave it out: netform compares the machine with the file on every run';
  if (/^(?:-n|--name|--lab|--project)$/.test(name) && 'lab' in args)
    return `write the name without a flag: netform ${id} ${shellWord(valueAfter(name, argv) ?? 'NAME')}`;
  return null;
}

/** The word after a flag; null: there is none, or another flag. */
function valueAfter(flag: string, argv: readonly string[]): string | null {
  const value = argv[argv.indexOf(flag) + 1];
  return value === undefined || value.startsWith('-') || !argv.includes(flag) ? null : value;
}

const FILE_FLAGS: ReadonlySet<string> = new Set([
  '-f',
  '--file',
  '--filename',
  '--topo',
  '-t',
  '--config',
  '-c',
  '--topology',
]);
const DRY_RUN_FLAGS: ReadonlySet<string> = new Set([
  '--dry-run',
  '--check',
  '--diff',
  '--noop',
  '--simulate',
  '--what-if',
]);
const YES_FLAGS: ReadonlySet<string> = new Set([
  '-y',
  '--yes',
  '--assume-yes',
  '--auto-approve',
  '-auto-approve',
  '--approve',
  '--force',
  '--no-confirm',
  '--noconfirm',
  '--non-interactive',
]);
