import { existsSync, readFileSync } from 'node:fs';
import type { LegacyIptables } from '../../model/doctor/doctor-facts.ts';
import type { Chain, FilterCondition, FilterRule, Verdict } from '../../model/kernel/firewall.ts';
import type { LegacySave } from '../../model/kernel/live-state.ts';
import { catchErrno } from '../errno.ts';
import { runProgram } from '../process/run-program.ts';

const PROGRAMS = [
  { program: 'iptables-legacy', names: '/proc/thread-self/net/ip_tables_names' },
  { program: 'ip6tables-legacy', names: '/proc/thread-self/net/ip6_tables_names' },
] as const;

const FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin'];
const TIMEOUT_MS = 5000;

/** The filter rules of legacy iptables in the thread's current namespace. nftables does not list them, but they apply. */
export function readIptablesLegacy(): LegacyIptables {
  const found = readLegacySaves().filter(({ tables }) => tables.includes('filter'));
  return {
    chains: found.flatMap(({ program, save }) => (save === null ? [] : parseFilterTable(program, save))),
    unread: found.flatMap(({ program, save }) => (save === null ? [program] : [])),
  };
}

/** The legacy tables of the thread's present namespace, as `iptables-save` prints them. */
export const readLegacySaves = (): readonly LegacySave[] =>
  PROGRAMS.map(({ program, names }) => ({ program, tables: readLegacyTables(names) }))
    .filter(({ tables }) => tables.length > 0)
    .map(({ program, tables }) => ({ program, tables, save: runSave(program) }));

/** The names of the tables that are loaded; none where a user namespace may not look at them. */
const readLegacyTables = (path: string): readonly string[] =>
  (catchErrno(['ENOENT', 'EACCES'], () => readFileSync(path, 'utf8')) ?? '').split('\n').filter(Boolean);

/** All tables that are loaded; asking for one that is not would load it. */
function runSave(program: LegacySave['program']): string | null {
  const file = FOLDERS.map((folder) => `${folder}/${program}-save`).find((path) => existsSync(path));
  if (file === undefined) return null;
  const outcome = runProgram({ file, args: [], env: {}, input: '', timeoutMs: TIMEOUT_MS });
  return outcome.exitCode === 0 ? outcome.stdout : null;
}

function parseFilterTable(program: LegacySave['program'], save: string): readonly Chain[] {
  const [, table = ''] = /^\*filter$([\s\S]*?)^COMMIT$/m.exec(save) ?? [];
  return parseSave(table, { program, family: program === 'iptables-legacy' ? 'ip' : 'ip6' });
}

/** The chains in what `iptables-save` prints: `:FORWARD DROP [0:0]` and `-A FORWARD -i eth0 -j ACCEPT`. */
function parseSave(text: string, { program, family }: Pick<Chain, 'program' | 'family'>): readonly Chain[] {
  const lines = text.split('\n');
  const rules = lines.filter((line) => line.startsWith('-A ')).map((line) => line.split(' ').slice(1));
  return lines
    .filter((line) => line.startsWith(':'))
    .map((line) => {
      const [name = '', policy = ''] = line.slice(1).split(' ');
      return {
        program,
        family,
        table: 'filter',
        name,
        forward: name === 'FORWARD' ? { policy: policy === 'DROP' ? 'drop' : 'accept' } : null,
        rules: rules.filter(([chain]) => chain === name).map(([, ...words]) => parseSavedRule(words)),
      };
    });
}

function parseSavedRule(words: readonly string[]): FilterRule {
  const conditions: FilterCondition[] = [];
  let verdict: Verdict = { do: 'go-on' };
  for (let i = 0; i < words.length; i++) {
    const not = words[i] === '!';
    const option = words[not ? ++i : i] ?? '';
    if (option === '--comment') i = quotedTextEnd(words, i + 1);
    else if (option === '-m') i += 1;
    else if (option === '-j' || option === '-g') verdict = parseTarget(option, words[++i] ?? '');
    else if (option in SUBJECTS)
      conditions.push({ on: SUBJECTS[option] ?? 'state', not, values: parseOptionValues(option, words[++i] ?? '') });
    else if (option.startsWith('-') && !option.startsWith('--reject-with')) conditions.push({ on: 'unknown' });
  }
  return { conditions, verdict };
}

const SUBJECTS: { readonly [option: string]: 'iif' | 'oif' | 'from' | 'to' | 'state' } = {
  '-i': 'iif',
  '-o': 'oif',
  '-s': 'from',
  '-d': 'to',
  '--ctstate': 'state',
  '--state': 'state',
};

const parseOptionValues = (option: string, value: string): readonly string[] =>
  option.startsWith('--') ? value.toLowerCase().split(',') : [value];

function parseTarget(option: string, target: string): Verdict {
  if (target === 'ACCEPT') return { do: 'accept' };
  if (target === 'DROP' || target === 'REJECT') return { do: 'drop' };
  if (target === 'RETURN') return { do: 'return' };
  return { do: option === '-g' ? 'goto' : 'jump', chain: target };
}

/** The last word of a text in quotes. */
function quotedTextEnd(words: readonly string[], first: number): number {
  if (!words[first]?.startsWith('"')) return first;
  const last = words.findIndex((word, i) => i >= first && /(?:^|[^\\])"$/.test(word) && (i > first || word.length > 1));
  return last < 0 ? words.length : last;
}
