import { existsSync, readlinkSync } from 'node:fs';
import { catchErrno } from '../../errno.ts';
import { findProgram } from '../find-program.ts';
import { cgroupMount } from '../process-cgroup.ts';
import { isSystemdRunning } from './systemctl.ts';

const PROGRAMS = ['systemd-run', 'systemctl', 'journalctl'];

/** Why programs of labs cannot be units of systemd on this machine, without a full stop; null: they are. */
export function unitsProblem(): string | null {
  if (!isSystemdRunning()) return 'systemd is not process 1';
  if (!sharesMounts()) return 'netform has other mounts than systemd';
  if (!existsSync('/run/systemd/journal/stdout')) return 'the journal of systemd does not run';
  if (cgroupMount() === null) return 'control groups of version 2 are not mounted';
  const missing = PROGRAMS.find((name) => findProgram(name) === null);
  return missing === undefined ? null : `${missing} is not installed`;
}

/** Paths mean the same to process 1. Who may not look at it is in a user namespace, or is an ordinary user. */
const sharesMounts = (): boolean =>
  catchErrno(
    ['EACCES', 'EPERM', 'ENOENT'],
    () => readlinkSync('/proc/1/ns/mnt') === readlinkSync('/proc/self/ns/mnt'),
  ) ?? false;
