import { catchErrno } from '../errno.ts';
import { closeFd, systemCall } from '../libc.ts';

// linux/fcntl.h, sys/select.h
const F_DUPFD_CLOEXEC = 1030;
const FD_SETSIZE = 1024;
// linux/fdtable.h, NR_OPEN_DEFAULT: the numbers that a process has room for from its start.
const FIRST_TABLE = 64;

const fcntl = systemCall('fcntl', 'int fcntl(int, int, ...)');

/**
 * The same file under a number that select(2) cannot hold; the low one is closed, close-on-exec stays. libnftables calls
 * select(2) on its sockets and dies when one of them is not below 1024: those numbers are left to it. The first few stay as
 * they are: for a larger table of numbers the kernel waits until every processor has let go of the old one.
 */
export function dupAboveSelectLimit(fd: number): number {
  if (fd < FIRST_TABLE) return fd;
  const high = catchErrno(['EINVAL', 'EMFILE'], () => fcntl(fd, F_DUPFD_CLOEXEC, 'int', FD_SETSIZE));
  if (high === null) return fd;
  closeFd(fd);
  return high;
}
