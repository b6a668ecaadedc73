import { backgroundCall, closeFd, readBuffer, systemCall, writeBuffer } from '../libc.ts';

// poll.h: struct pollfd is i32 fd, i16 events, i16 revents
const POLLIN = 1;
const POLLFD_LENGTH = 8;

const POLL = 'int poll(void*, unsigned long, int)';
const native = { poll: systemCall('poll', POLL), eventfd: systemCall('eventfd', 'int eventfd(unsigned int, int)') };
// sys/eventfd.h
const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;
const FOREVER = -1;

/** Waits until one of these can be read, so many milliseconds at most; says of each whether it can. */
export function waitReadable(fds: readonly number[], ms: number): readonly boolean[] {
  const wanted = pollTable(fds);
  native.poll(wanted, fds.length, ms);
  return fds.map((_, i) => wanted.readInt16LE(i * POLLFD_LENGTH + 6) !== 0);
}

/** Waits in another thread, which sleeps until there is something: nothing wakes this program meanwhile. */
export type BackgroundWait = {
  /** Until one of these can be read, or `interrupt` was called since the last wait. One wait at a time. */
  readonly wait: (fds: readonly number[]) => Promise<void>;
  readonly interrupt: () => void;
  /** Not during a wait. */
  readonly close: () => void;
};

/** Holds one descriptor until it is closed. A wait keeps the program from ending: interrupt it first. */
export function openBackgroundWait(): BackgroundWait {
  const poll = backgroundCall(POLL);
  const bell = native.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const count = Buffer.alloc(8);
  return {
    wait: async (fds) => {
      const wanted = pollTable([bell, ...fds]);
      await poll(wanted, fds.length + 1, FOREVER);
      // The table is written by the other thread: it is read here, so that it lives as long.
      if (wanted.readInt16LE(6) !== 0) readBuffer(bell, count);
    },
    interrupt: () => {
      const one = Buffer.alloc(8);
      one.writeBigUInt64LE(1n);
      writeBuffer(bell, one);
    },
    close: () => closeFd(bell),
  };
}

function pollTable(fds: readonly number[]): Buffer {
  const wanted = Buffer.alloc(fds.length * POLLFD_LENGTH);
  for (const [i, fd] of fds.entries()) {
    wanted.writeInt32LE(fd, i * POLLFD_LENGTH);
    wanted.writeInt16LE(POLLIN, i * POLLFD_LENGTH + 4);
  }
  return wanted;
}
