import { constants } from 'node:fs';
import { catchErrno } from '../errno.ts';
import { closeFd, openAt, openPrivateFilesystem, readBuffer } from '../libc.ts';

// linux/netdevice.h
const NET_ADDR_SET = '3';

/**
 * Those links of the thread's present namespace whose MAC was set, rather than chosen by the kernel; null when that cannot
 * be read. Netlink does not have it: sysfs does, and an instance of it shows the namespace that it is made in.
 */
export function readWrittenMacs(links: readonly string[]): ReadonlySet<string> | null {
  const sysfs = openPrivateFilesystem('sysfs');
  if (sysfs === null) return null;
  try {
    return new Set(links.filter((link) => readText(sysfs, `class/net/${link}/addr_assign_type`) === NET_ADDR_SET));
  } finally {
    closeFd(sysfs);
  }
}

function readText(folder: number, path: string): string | null {
  const fd = catchErrno(['ENOENT'], () => openAt(folder, path, constants.O_RDONLY));
  if (fd === null) return null;
  const buffer = Buffer.alloc(16);
  try {
    return buffer.toString('utf8', 0, readBuffer(fd, buffer)).trim();
  } finally {
    closeFd(fd);
  }
}
