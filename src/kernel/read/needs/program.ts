import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { catchErrno } from '../../errno.ts';
import { PROGRAM_PATH } from '../../process/gate.ts';
import { readEach } from '../need-reader.ts';

/** Looks for programs in the folders in which they are started from. */
export const programReader = readEach<'program'>(({ key }) => {
  const paths = isAbsolute(key) ? [key] : PROGRAM_PATH.split(':').map((folder) => join(folder, key));
  return paths.find(isExecutable) ?? null;
});

const isExecutable = (path: string): boolean =>
  catchErrno(['ENOENT', 'ENOTDIR', 'EACCES'], () => {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  }) ?? false;
