import { existsSync } from 'node:fs';
import { findProgram } from '../find-program.ts';
import { type ProgramResult, runProgram } from '../run-program.ts';

/** Whether process 1 is systemd (sd_booted(3)). */
export const isSystemdRunning = (): boolean => existsSync('/run/systemd/system');

const TIMEOUT_MS = 60_000;

/** Runs systemctl(1) to its end; null: it is not installed. */
export function systemctl(...args: readonly string[]): ProgramResult | null {
  const file = findProgram('systemctl');
  return file === null ? null : runProgram({ file, args, env: {}, input: '', timeoutMs: TIMEOUT_MS });
}
