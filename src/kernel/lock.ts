import { unless } from './errno.ts';
import { flock } from './libc.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;

/** Takes the exclusive lock of an open file without waiting: false when another process has it. Freed when the holder dies. */
export const flockFile = (fd: number): boolean =>
  unless(['EAGAIN'], () => {
    flock(fd, LOCK_EX | LOCK_NB);
    return true;
  }) ?? false;
