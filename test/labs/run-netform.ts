import { expect } from 'vitest';
import type { Ended, Machine, RunOptions } from '../support/machine.ts';

/** Runs netform and expects an exit code (0 unless another is named); shows what it printed when that is not so. */
export async function runNetform(
  m: Machine,
  args: readonly string[],
  options: RunOptions & { readonly code?: number } = {},
): Promise<Ended> {
  const ended = await m.netform(args, options);
  expect(ended.code, `netform ${args.join(' ')}\n${ended.stdout}${ended.stderr}`).toBe(options.code ?? 0);
  return ended;
}
