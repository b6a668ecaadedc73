import { catchErrno } from '../errno.ts';
import { systemCall } from '../libc.ts';

// linux/sockios.h, linux/if.h; struct ifreq: the name, and behind it a union, here an int
const SIOCGIFINDEX = 0x8933;
const IFNAMSIZ = 16;
const IFREQ_LENGTH = 40;

const ioctl = systemCall('ioctl', 'int ioctl(int, unsigned long, ...)');

/**
 * The index of a link in a socket's namespace; null when there is none of that name. Unlike a netlink request it does not
 * wait for the lock of all networks (`dev_get_by_name_rcu`; netdevice(7)).
 */
export function readLinkIndex(socket: number, name: string): number | null {
  const request = Buffer.alloc(IFREQ_LENGTH);
  // A longer name would be cut, and be another's.
  if (request.write(name) >= IFNAMSIZ) return null;
  return catchErrno(['ENODEV'], () => ioctl(socket, SIOCGIFINDEX, 'void*', request)) === null
    ? null
    : request.readInt32LE(IFNAMSIZ);
}
