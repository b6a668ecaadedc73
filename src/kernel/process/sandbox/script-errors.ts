/** An error that a command of a script printed: its first line, and the line of the script; null where that is not known. */
export type ScriptError = { readonly line: number | null; readonly text: string };

/** What a script printed on standard error, and, where bash ran it, the log of SCRIPT_TRAP. */
export type ScriptLogs = { readonly printed: Buffer; readonly failures: string | null };

/**
 * What bash reads before a script (BASH_ENV): each command that fails, as `set -e` counts it, appends its line and how much
 * the script had printed on standard error by then to `log`.
 */
export const scriptTrap = (log: string, errors: string): string => `unset BASH_ENV
set -o errtrace
trap 'printf "%s %s\\n" "$LINENO" "$(stat -c %s ${errors} 2>/dev/null || :)" >>${log}' ERR
`;

/**
 * The errors of a script, each once, in their order. `path`: the script as the shell names it. A command that failed without
 * a word, as with `2>/dev/null`, was meant to be allowed to fail. `exitCode` 0: what follows the last failure is not an error.
 */
export function scriptErrors(
  { printed, failures }: ScriptLogs,
  { path, exitCode }: { readonly path: string; readonly exitCode: number | null },
): readonly ScriptError[] {
  const errorOf = shellErrorReader(path);
  const errors: ScriptError[] = [];
  let start = 0;
  for (const [, line, end] of (failures ?? '').matchAll(/^(\d+) (\d+)$/gm)) {
    const [first] = ownLines(printed.subarray(start, Number(end)));
    if (first !== undefined) errors.push({ ...errorOf(first), line: Number(line) });
    start = Number(end);
  }
  const rest = failures === null || exitCode !== 0 ? ownLines(printed.subarray(start)) : [];
  const isNew = ({ line, text }: ScriptError, i: number, all: readonly ScriptError[]): boolean =>
    all.findIndex((one) => one.line === line && one.text === text) === i;
  return [...errors, ...rest.map(errorOf)].filter(isNew);
}

/** Takes a message of the shell itself apart: `PATH: line 6: foo: command not found` of bash, `PATH: 6: …` of dash. */
function shellErrorReader(path: string): (text: string) => ScriptError {
  const start = `${path}: `;
  return (text) => {
    if (!text.startsWith(start)) return { line: null, text };
    const [, line, rest] = /^(?:line )?(\d+): (.*)$/.exec(text.slice(start.length)) ?? [];
    return line === undefined ? { line: null, text } : { line: Number(line), text: rest ?? '' };
  };
}

/** The lines of a part of standard error, without the traces of `set -x`; without warnings where there are others. */
function ownLines(part: Buffer): readonly string[] {
  const lines = part
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\++ /.test(line));
  const errors = lines.filter((line) => !/^(?:#|warning\b)/i.test(line));
  return errors.length > 0 ? errors : lines;
}
