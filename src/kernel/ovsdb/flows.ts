import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { OvsFlowDifference, OvsFlowsLive } from '../../model/kernel/ovs-live.ts';
import { sysError } from '../errno.ts';
import { type ProgramResult, runProgram } from '../process/run-program.ts';
import { select } from './read.ts';
import { transact } from './rpc.ts';
import { valuesOf } from './values.ts';

const TIMEOUT_MS = 5000;
/** The highest number that a port can have (OFPP_MAX): none has it. */
const NO_PORT = 65279;

/** What a switch does that has no other flows (ovs-vswitchd.conf.db(5), fail_mode standalone). */
const ORDINARY = 'priority=0 actions=NORMAL';

/**
 * The flows of the bridge whose own socket is `key`, in the words of `ovsOfctl` (a path), and how its tables differ from lists of
 * flows, in which ports stand as names in quotes. Null: no switch answers there.
 */
export function readFlows(
  ovsOfctl: string,
  { key, database, lists }: { readonly key: string; readonly database: string; readonly lists: readonly string[] },
): OvsFlowsLive | null {
  const dump = ofctl(ovsOfctl, ['--names', '--no-stats', 'dump-flows', `unix:${key}`]);
  if (dump.exitCode !== 0) return null;
  const numbers = portNumbers(database);
  const isOrdinary = (line: string): boolean => line === ORDINARY;
  return {
    flows: linesOf(dump.stdout).filter((line) => !isOrdinary(line)),
    differences: new Map(
      lists.map((list) => {
        const { missing, extra } = differenceOf(ovsOfctl, { key, text: numbered(completed(list), numbers) });
        return [list, { missing: named(missing, numbers), extra: named(extra, numbers) }];
      }),
    ),
  };
}

/** Puts flows in the place of all that a bridge has, in one step. Throws EINVAL with the words of the program or the switch. */
export function replaceFlows(ovsOfctl: string, key: string, flows: readonly string[]): void {
  const input = `delete\n${completed(flows.join('\n'))}`;
  const { exitCode, stderr, problem } = ofctl(ovsOfctl, ['--bundle', 'add-flows', `unix:${key}`, '-'], input);
  if (exitCode !== 0) throw sysError('EINVAL', problem ?? firstLine(stderr));
}

/** What `ovs-ofctl parse-flow` has against a flow, whose ports are names in quotes; null: nothing. */
export function flowProblem(ovsOfctl: string, flow: string): string | null {
  const { exitCode, stderr } = ofctl(ovsOfctl, ['parse-flow', flow.replaceAll(QUOTED, '1')]);
  if (exitCode !== 0) return firstLine(stderr);
  // What the switch cannot match without another word it leaves out: the flow would be of more frames than was meant.
  const [pre, post] = ['pre', 'post'].map((word) => new RegExp(`INFO\\| *${word}: *(.*)`).exec(stderr)?.[1] ?? null);
  if (pre === null || pre === undefined) return null;
  const kept = new Set((post ?? '').split(','));
  return `${pre
    .split(',')
    .filter((word) => !kept.has(word))
    .join(' and ')} would be passed over`;
}

const ofctl = (file: string, args: readonly string[], input = ''): ProgramResult =>
  runProgram({ file, args, env: {}, input, timeoutMs: TIMEOUT_MS });

const firstLine = (stderr: string): string =>
  (linesOf(stderr).find((line) => !line.includes('|INFO|')) ?? 'it does not say why')
    .replace(/^ovs-ofctl: (?:-:\d+: )?/, '')
    .trim();

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** A list of flows with that of an ordinary switch, which one of the list with the same match takes the place of. */
const completed = (list: string): string => `${ORDINARY.replace(' ', ',')}\n${list}\n`;

/** A name in quotes, which no word of a flow has but that of a port. */
const QUOTED = /"([^"]*)"/g;

const numbered = (text: string, numbers: ReadonlyMap<string, number>): string =>
  text.replaceAll(QUOTED, (_all, name: string) => String(numbers.get(name) ?? NO_PORT));

/** Flows with the names of ports for their numbers. */
function named(flows: readonly string[], numbers: ReadonlyMap<string, number>): readonly string[] {
  const names = new Map([...numbers].map(([name, number]) => [String(number), name]));
  return flows.map((flow) =>
    flow.replaceAll(/\b(in_port=|output:)(\d+)/g, (all, word: string, number: string) => {
      const name = names.get(number);
      return name === undefined ? all : `${word}"${name}"`;
    }),
  );
}

/** The numbers of ports by name, as the switch has given them out; files of ovs-ofctl have no names. */
function portNumbers(database: string): ReadonlyMap<string, number> {
  const [rows = []] = transact(database, [select('Interface', ['name', 'ofport'])]);
  return new Map(
    rows.flatMap((row) => valuesOf(row['ofport']).map((one) => [String(row['name']), Number(one)] as const)),
  );
}

/** `ovs-ofctl diff-flows`: `-` stands before what only the file has, `+` before what only the switch has. */
function differenceOf(
  ovsOfctl: string,
  { key, text }: { readonly key: string; readonly text: string },
): OvsFlowDifference {
  const result = withNamelessFile(dirname(key), text, (path) => ofctl(ovsOfctl, ['diff-flows', path, `unix:${key}`]));
  if (result.exitCode === 0) return { missing: [], extra: [] };
  const lines = linesOf(result.stdout);
  const after = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1).trim());
  return lines.length > 0 ? { missing: after('-'), extra: after('+') } : { missing: [reasonOf(result)], extra: [] };
}

/** asm-generic/fcntl.h: O_TMPFILE with O_DIRECTORY. */
const O_TMPFILE = 0o20200000;

/** The program wants a file; this one is gone with us. */
function withNamelessFile<T>(folder: string, content: string, use: (path: string) => T): T {
  const file = openSync(folder, O_TMPFILE | constants.O_RDWR, 0o600);
  try {
    writeSync(file, content);
    return use(`/proc/${process.pid}/fd/${file}`);
  } finally {
    closeSync(file);
  }
}

/** A list that cannot be compared is not what the switch has. */
const reasonOf = ({ stderr, problem }: ProgramResult): string => problem ?? firstLine(stderr);
