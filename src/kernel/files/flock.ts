import { catchErrno } from '../errno.ts';
import { flock, LOCK_EX } from '../libc.ts';

const LOCK_NB = 4;

/** Takes the exclusive lock of an open file without waiting: false when another process has it. Freed when the holder dies. */
export const tryFlock = (fd: number): boolean =>
  catchErrno(['EAGAIN'], () => {
    flock(fd, LOCK_EX | LOCK_NB);
    return true;
  }) ?? false;
