import { constants } from 'node:os';
import { catchErrno } from '../errno.ts';
import { closeFd, systemCall } from '../libc.ts';
import { readProcessStatus } from './process-status.ts';

// asm-generic/unistd.h, poll.h
const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;
const POLLIN = 1;

const native = {
  syscall: systemCall('syscall', 'long syscall(long, ...)'),
  poll: systemCall('poll', 'int poll(void*, ulong, int)'),
};

/** A process by its number and the time at which it started (proc(5), stat, field 22): a number alone is given out again. */
export type ProcessIdentity = { readonly pid: number; readonly startTime: string };

/** A process that cannot be mistaken for a later one of its number. */
export type ProcessHandle = {
  readonly signal: (name: NodeJS.Signals) => void;
  /** Whether it has ended after so many milliseconds, or before. */
  readonly waitForEnd: (ms: number) => boolean;
  readonly close: () => void;
};

/** Opens a process (pidfd_open(2)); null: it has ended. */
export function openProcess({ pid, startTime }: ProcessIdentity): ProcessHandle | null {
  const fd = catchErrno(['ESRCH', 'EINVAL'], () => native.syscall(SYS_PIDFD_OPEN, 'int', pid, 'uint', 0));
  if (fd === null) return null;
  const status = readProcessStatus(pid);
  if (status === null || status.isZombie || status.startTime !== startTime) {
    closeFd(fd);
    return null;
  }
  return {
    signal: (name) =>
      void catchErrno(['ESRCH'], () =>
        native.syscall(SYS_PIDFD_SEND_SIGNAL, 'int', fd, 'int', constants.signals[name], 'void*', null, 'uint', 0),
      ),
    waitForEnd: (ms) => {
      const wanted = Buffer.alloc(8);
      wanted.writeInt32LE(fd);
      wanted.writeInt16LE(POLLIN, 4);
      return native.poll(wanted, 1, ms) > 0;
    },
    close: () => closeFd(fd),
  };
}
