import { lstatSync } from 'node:fs';
import type { StoredFileLive } from '../../../model/kernel/process-live.ts';
import { sha256Latin1 } from '../../../model/values/hash.ts';
import { catchErrno } from '../../errno.ts';
import { readLatin1File } from '../../files/system-files.ts';
import { readEach } from '../need-reader.ts';

/** Reads files of the lab's folder, with their mode and owner. */
export const storedFileReader = readEach<'stored-file'>(({ key }): StoredFileLive | null => {
  const stats = catchErrno(['ENOENT', 'ENOTDIR'], () => lstatSync(key));
  const bytes = stats?.isFile() ? readLatin1File(key) : null;
  if (stats === null || bytes === null) return null;
  return { sha: sha256Latin1(bytes), bytes, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
});
