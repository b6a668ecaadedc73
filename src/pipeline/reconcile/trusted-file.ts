import { lstatSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;

/**
 * Why a file cannot be trusted: anyone but root could have written it, or put another one in its place. Null: it can. Of a
 * folder in which each may only change what is his own (sticky), the others cannot.
 */
export function trustProblem(path: string): string | null {
  const file = resolve(path);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return `there is no file ${file}`;
  if (!found.isFile()) return `${file} is not a plain file`;
  const fault = ownerFault(found);
  if (fault !== null) return `${file} ${fault}`;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const above = lstatSync(folder);
    const wrong = above.isSymbolicLink() ? 'is a symbolic link' : above.mode & STICKY ? null : ownerFault(above);
    if (wrong !== null) return `${folder}, in which ${file} is, ${wrong}`;
    if (folder === dirname(folder)) return null;
  }
}

function ownerFault({ uid, mode }: Stats): string | null {
  if (uid !== 0) return `belongs to the user id ${uid}, not to root`;
  return mode & WRITABLE_BY_OTHERS ? 'can be written by others' : null;
}
