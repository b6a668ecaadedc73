import { closeSync, constants, fchmodSync, fchownSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { catchErrno } from '../errno.ts';
import { resolveTrustedPath, temporaryName } from './system-files.ts';

/**
 * Gives a file these bytes, a mode (octal digits) and an owner (`uid:gid`): a new file takes its name, which was never readable
 * with other rights. Throws EACCES when a user other than root could change what the path leads to.
 */
export function putBytes(
  path: string,
  bytes: Buffer,
  { mode, owner }: { readonly mode: string; readonly owner: string },
): void {
  const real = resolveTrustedPath(path);
  const fresh = temporaryName(real);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const [uid = 0, gid = 0] = owner.split(':').map(Number);
  const fd = openSync(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    try {
      writeFileSync(fd, bytes);
      if (uid !== 0 || gid !== 0) fchownSync(fd, uid, gid);
      fchmodSync(fd, Number.parseInt(mode, 8));
    } finally {
      closeSync(fd);
    }
    renameSync(fresh, real);
  } catch (error) {
    catchErrno(['ENOENT'], () => unlinkSync(fresh));
    throw error;
  }
}
