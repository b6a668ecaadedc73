import { catchErrno } from '../errno.ts';
import { cString, systemCall } from '../libc.ts';

const native = {
  listxattr: systemCall('listxattr', 'int64_t listxattr(str, void*, size_t)'),
  syncfs: systemCall('syncfs', 'int syncfs(int)'),
};

/** Whether a file has extended attributes: a label of SELinux, an access control list. */
export const hasXattrs = (path: string): boolean =>
  (catchErrno(['EOPNOTSUPP', 'ENOSYS'], () => native.listxattr(cString(path), null, 0)) ?? 0) > 0;

/** Makes all that was changed in the file system of a file durable. */
export const syncFilesystem = (fd: number): void => void native.syncfs(fd);
