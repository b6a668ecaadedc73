import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catchErrno } from '../errno.ts';

/** A path below `root` at which nothing is yet, for the control group of a new process. */
export const chooseCgroup = (root: string): string => join(root, `netform-${randomBytes(8).toString('hex')}`);

/** Makes a control group, which must not be there. */
export const makeCgroup = (path: string): void => mkdirSync(path, 0o755);

/** Puts a process into a control group; what it starts is born there. */
export const enterCgroup = (path: string, pid: number): void => writeFileSync(join(path, 'cgroup.procs'), `${pid}\n`);

/** The processes in a control group; empty without one. */
export const cgroupPids = (path: string): readonly number[] =>
  (catchErrno(['ENOENT', 'ENODEV'], () => readFileSync(join(path, 'cgroup.procs'), 'latin1')) ?? '')
    .split('\n')
    .filter(Boolean)
    .map(Number);

/** Removes a control group; false: something is in it, which is being killed (cgroup.kill, Linux 5.14). One that is gone counts as removed. */
export function endCgroup(path: string): boolean {
  if (isCgroupRemoved(path)) return true;
  catchErrno(['ENOENT', 'ENODEV'], () => writeFileSync(join(path, 'cgroup.kill'), '1'));
  return false;
}

const isCgroupRemoved = (path: string): boolean =>
  catchErrno(['EBUSY'], () => {
    catchErrno(['ENOENT'], () => rmdirSync(path));
    return true;
  }) ?? false;

/** Where control groups of version 2 are mounted, also beside those of version 1; null: nowhere that we may write. */
export function cgroupMount(): string | null {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  // proc(5): the fifth field is the place; after ` - ` comes the type. The last mount covers those before.
  const places = lines.filter((line) => line.includes(' - cgroup2 ')).map((line) => line.split(' ')[4] ?? '');
  const place = places.at(-1);
  if (place === undefined) return null;
  return catchErrno(['EACCES', 'EROFS', 'ENOENT'], () => {
    accessSync(join(place, 'cgroup.procs'), constants.W_OK);
    return place;
  });
}
