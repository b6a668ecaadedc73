import { EXIT, type NetformError, netformError } from '../model/error.ts';
import { shellWord } from '../model/values/shell-word.ts';
import { usageError } from './usage-error.ts';

/** The words of `netform exec` before `--`, and the program with its arguments after it. */
export type ExecArgv = { readonly own: string[]; readonly argv: readonly [string, ...(readonly string[])] };

/** Splits a command line at `--`: netform's own words, and the program with its arguments. Throws E_USAGE without a program. */
export function splitExecArgv(words: readonly string[]): ExecArgv {
  const end = words.indexOf('--');
  const [program, ...rest] = end < 0 ? [] : words.slice(end + 1);
  if (program === undefined) throw missingProgram(words);
  return { own: words.slice(0, end), argv: [program, ...rest] };
}

/** The command line with the `--` that is missing in it: `exec red ping blue`, and `exec -it red sh` of Docker. */
function missingProgram(words: readonly string[]): NetformError {
  const plain = words.filter((word) => word !== '--' && !/^-[it]{1,2}$/.test(word));
  const all = plain[0] === '--all' ? ['--all'] : plain.slice(0, 1);
  const program = plain.slice(all.length);
  const [where = 'red'] = all;
  if (program.length === 0) return usageError('no program given after --', `netform exec ${where} -- ip address`);
  const hint = `netform exec ${where} -- ${program.map(shellWord).join(' ')}`;
  return netformError('E_USAGE', EXIT.usage, 'exec needs -- before the program', { hint });
}
