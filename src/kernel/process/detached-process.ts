import { spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { setCloseOnExec } from '../libc.ts';
import { isSystemdRunning } from './units/systemctl.ts';

/** A program that outlives this one: in a session of its own, without a terminal, its output in the file `log` (0600). */
export type DetachedProgram = { readonly file: string; readonly args: readonly string[]; readonly log: string };

const CLEAN_ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/** Starts it and does not wait for it. Nothing of our environment and none of our descriptors is handed on. */
export function startDetachedProgram({ file, args, log }: DetachedProgram): void {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const fd = openSync(log, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  setCloseOnExec();
  try {
    const child = spawn(file, args, { detached: true, stdio: ['ignore', fd, fd], cwd: '/', env: CLEAN_ENVIRONMENT });
    // Who waits for it sees that it is not there.
    child.on('error', () => {});
    child.unref();
  } finally {
    closeSync(fd);
  }
}

/**
 * The same as a unit of systemd, which outlives a session that takes all that was started in it with it. To be started
 * with `systemdRun`, the path of that program.
 */
export function toSystemdUnit(unit: string, { file, args, log }: DetachedProgram, systemdRun: string): DetachedProgram {
  // The program ignores SIGTERM, and must not delay a shutdown.
  const options = ['--quiet', '--collect', `--unit=${unit}`, '--property=TimeoutStopSec=2s'];
  return { file: systemdRun, args: [...options, '--', file, ...args], log };
}

/** The path of systemd-run; null: systemd does not run here. */
export const findSystemdRun = (): string | null =>
  isSystemdRunning() ? (SYSTEMD_RUN_PATHS.find((path) => existsSync(path)) ?? null) : null;

const SYSTEMD_RUN_PATHS = ['/usr/bin/systemd-run', '/bin/systemd-run'];

/** A program of netform's own that this one waits for: in a session of its own, so that a signal of a terminal does not reach it. */
export type BackgroundProgram = {
  readonly ended: Promise<{ readonly stdout: string }>;
  readonly signal: (name: NodeJS.Signals) => void;
};

/** Starts it, with our environment and standard error. What it prints is collected. */
export function startBackgroundProgram(file: string, args: readonly string[]): BackgroundProgram {
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
  const parts: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => parts.push(text));
  return {
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve({ stdout: parts.join('') }));
    }),
    signal: (name) => void child.kill(name),
  };
}
