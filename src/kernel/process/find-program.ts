import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { PROGRAM_PATH } from '../../model/kernel/program-path.ts';
import { catchErrno } from '../errno.ts';

/** The path of a program in the folders in which programs of labs are started from; null: it is not installed. */
export function findProgram(name: string): string | null {
  const paths = isAbsolute(name) ? [name] : PROGRAM_PATH.split(':').map((folder) => join(folder, name));
  return paths.find(isExecutable) ?? null;
}

const isExecutable = (path: string): boolean =>
  catchErrno(['ENOENT', 'ENOTDIR', 'EACCES'], () => {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  }) ?? false;
