import { closeSync, constants, openSync } from 'node:fs';
import { errorCode, sysError } from '../errno.ts';
import { systemCall } from '../libc.ts';
import { inNetns } from './netns.ts';

const TUN_DEVICE = '/dev/net/tun';
// linux/if_tun.h
const IFF_MODES: { readonly [mode: string]: number } = { tun: 1, tap: 2 };
const IFF_NO_PI = 0x1000;
/** Refuses to attach to one that is there: EBUSY. */
const IFF_TUN_EXCL = 0x8000;
const TUNSETIFF = 0x400454ca;
const TUNSETPERSIST = 0x400454cb;
const TUNSETOWNER = 0x400454cc;
const TUNSETGROUP = 0x400454ce;
/** struct ifreq of linux/if.h: 16 bytes of name, then a union that begins with `short ifr_flags`. */
const IFREQ_LENGTH = 40;

const ioctl = systemCall('ioctl', 'int ioctl(int, ulong, ...)');

export type NewTun = {
  readonly name: string;
  readonly mode: string;
  readonly owner: number | null;
  readonly group: number | null;
};

/**
 * Makes a persistent tun or tap in the namespace of `netns`, as `ip tuntap add`. `finish` runs when it is there and not yet
 * persistent: a run that is killed before its end leaves nothing. EEXIST: the name is taken.
 */
export function createTun(netns: number, { name, mode, owner, group }: NewTun, finish: () => void): void {
  const fd = inNetns(netns, () => openSync(TUN_DEVICE, constants.O_RDWR));
  try {
    const request = Buffer.alloc(IFREQ_LENGTH);
    request.write(name);
    request.writeUInt16LE((IFF_MODES[mode] ?? 0) | IFF_NO_PI | IFF_TUN_EXCL, 16);
    attach(fd, request, name);
    if (owner !== null) ioctl(fd, TUNSETOWNER, 'ulong', owner);
    if (group !== null) ioctl(fd, TUNSETGROUP, 'ulong', group);
    finish();
    ioctl(fd, TUNSETPERSIST, 'ulong', 1);
  } finally {
    closeSync(fd);
  }
}

/** A name of another link is EINVAL there, one of a tun EBUSY. */
function attach(fd: number, request: Buffer, name: string): void {
  try {
    ioctl(fd, TUNSETIFF, 'void*', request);
  } catch (error) {
    if (errorCode(error) === 'EBUSY') throw sysError('EEXIST', `a link named ${name} exists already`);
    throw error;
  }
}

/** Why no tun can be made on this machine; null: nothing is in the way. */
export function tunProblem(): string | null {
  try {
    closeSync(openSync(TUN_DEVICE, constants.O_RDWR));
    return null;
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    return code === 'ENOENT' ? `there is no ${TUN_DEVICE} on this machine` : `${TUN_DEVICE} cannot be opened (${code})`;
  }
}
