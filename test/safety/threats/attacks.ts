import { expect } from 'vitest';
import type { Ended, Machine } from '../../support/machine.ts';
import { repository } from '../../support/machine.ts';

/** A run that must be refused: what is typed, and the exit code and the code (`NF1012`, `E_USAGE`) that must come. */
export type Attack = {
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The file that `@` among the arguments stands for. */
  readonly text?: string;
  readonly exit: number;
  readonly code: string;
  /** How often the code comes at least; once when absent. */
  readonly times?: number;
};

/** Expects of each run its exit code and code, neither stack trace nor escape sequence, and a machine that is as it was. */
export async function expectRefusal(m: Machine, attacks: readonly Attack[]): Promise<void> {
  const before = await m.snapshot();
  const all = await runAll(m, attacks);
  for (const [i, { args, text = '', exit, code, times = 1 }] of attacks.entries()) {
    const ended = all[i];
    const said = `netform ${args.join(' ')}\n${text.slice(0, 500)}\n${ended?.stdout}${ended?.stderr}`.slice(0, 3000);
    expect(ended?.code, said).toBe(exit);
    expect(codesIn(ended?.stdout ?? '').filter((one) => one === code).length, said).toBeGreaterThanOrEqual(times);
    expect(ended?.stderr, said).not.toMatch(/^\s+at .*:\d+:\d+/m);
    expect(said).not.toContain('\u001b');
  }
  expect(await m.snapshot()).toBe(before);
}

/** An apply of a topology; `body` is what follows its version and name. */
export const topology = (body: string, code: string, times = 1): Attack => ({
  args: ['apply', '@', '--yes'],
  text: `version: 1\nname: threat\n${body}\n`,
  exit: 3,
  code,
  times,
});

/** One process for all: starting Node takes longer than what is tested. */
async function runAll(m: Machine, attacks: readonly Attack[]): Promise<readonly Ended[]> {
  await m.must('mkdir -p /run/attacks');
  const files = attacks.map(({ text }, i) => (text === undefined ? [] : [{ path: `/run/attacks/${i}.yaml`, text }]));
  const write = 'const fs=require("fs");for(const f of JSON.parse(fs.readFileSync(0)))fs.writeFileSync(f.path,f.text)';
  await m.must(`${process.execPath} -e '${write}'`, { input: JSON.stringify(files.flat()) });
  const runs = attacks.map(({ args, cwd }, i) => ({
    args: [...args.map((arg) => (arg === '@' ? `/run/attacks/${i}.yaml` : arg)), '--json'],
    cwd,
  }));
  const driver = `${repository}test/safety/threats/driver.mjs`;
  return JSON.parse(await m.must(`exec ${process.execPath} ${driver}`, { input: JSON.stringify(runs) }));
}

/** The codes of the errors in an answer, or of the trouble that ended the command. */
function codesIn(text: string): readonly string[] {
  const { diagnostics = [], error }: Answer = JSON.parse(text);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return [...errors, ...(error ? [error] : [])].map(({ code }) => code);
}

type Answer = {
  readonly diagnostics?: readonly { readonly code: string; readonly severity: string }[];
  readonly error?: { readonly code: string };
};
