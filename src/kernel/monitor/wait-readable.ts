import { systemCall } from '../libc.ts';

// poll.h: struct pollfd is i32 fd, i16 events, i16 revents
const POLLIN = 1;
const POLLFD_LENGTH = 8;

const native = { poll: systemCall('poll', 'int poll(void*, unsigned long, int)') };

/** Waits until one of these can be read, so many milliseconds at most; says of each whether it can. */
export function waitReadable(fds: readonly number[], ms: number): readonly boolean[] {
  const wanted = Buffer.alloc(fds.length * POLLFD_LENGTH);
  for (const [i, fd] of fds.entries()) {
    wanted.writeInt32LE(fd, i * POLLFD_LENGTH);
    wanted.writeInt16LE(POLLIN, i * POLLFD_LENGTH + 4);
  }
  native.poll(wanted, fds.length, ms);
  return fds.map((_, i) => wanted.readInt16LE(i * POLLFD_LENGTH + 6) !== 0);
}
