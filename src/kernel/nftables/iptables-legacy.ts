import { existsSync, readFileSync } from 'node:fs';
import type { LegacyIptables } from '../../model/doctor/doctor-facts.ts';
import type { Chain, FilterCondition, FilterRule, Verdict } from '../../model/kernel/firewall.ts';
import { catchErrno } from '../errno.ts';
import { runProgram } from '../process/run-program.ts';

const PROGRAMS = [
  { program: 'iptables-legacy', family: 'ip', names: '/proc/thread-self/net/ip_tables_names' },
  { program: 'ip6tables-legacy', family: 'ip6', names: '/proc/thread-self/net/ip6_tables_names' },
] as const;

const FOLDERS = ['/usr/sbin', '/sbin', '/usr/bin'];
const TIMEOUT_MS = 5000;

/** What legacy iptables filters in the thread's present namespace: nftables does not show it, and its drops count all the same. */
export function readIptablesLegacy(): LegacyIptables {
  const found = PROGRAMS.filter(({ names }) => readLegacyTables(names).includes('filter'));
  const read = found.map(({ program, family }) => ({ program, chains: readFilterChains(program, family) }));
  return {
    chains: read.flatMap(({ chains }) => chains ?? []),
    unread: read.flatMap(({ program, chains }) => (chains === null ? [program] : [])),
  };
}

const readLegacyTables = (path: string): readonly string[] =>
  (catchErrno(['ENOENT'], () => readFileSync(path, 'utf8')) ?? '').split('\n');

function readFilterChains(program: Chain['program'], family: Chain['family']): readonly Chain[] | null {
  const file = FOLDERS.map((folder) => `${folder}/${program}-save`).find((path) => existsSync(path));
  if (file === undefined) return null;
  const outcome = runProgram({ file, args: ['-t', 'filter'], env: {}, input: '', timeoutMs: TIMEOUT_MS });
  return outcome.exitCode === 0 ? parseSave(outcome.stdout, { program, family }) : null;
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
