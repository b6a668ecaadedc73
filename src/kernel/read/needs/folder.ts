import { statSync } from 'node:fs';
import { catchErrno } from '../../errno.ts';
import { readEach } from '../need-reader.ts';

/** Looks whether there are folders. */
export const folderReader = readEach<'folder'>(
  ({ key }) => catchErrno(['ENOENT', 'ENOTDIR', 'EACCES'], () => statSync(key).isDirectory()) ?? false,
);
