import { statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { FileLookup } from '../../import/formats/file-importer.ts';

/** What a topology may take of another file (system-files.ts of the kernel layer). */
const MAX_BYTES = 16 << 20;

/** The files beside a file to import, as the topology at `out` names them; null: it is put beside that file. */
export const fileLookup =
  (file: string, out: string | null): FileLookup =>
  (path) => {
    const folder = file === '-' ? '.' : dirname(file);
    const place = isAbsolute(path) ? path : join(folder, path);
    const found = statSync(place, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size > MAX_BYTES) return null;
    const from = isAbsolute(path) ? path : relative(out === null ? folder : dirname(out), place);
    return { from, mode: (found.mode & 0o777).toString(8) };
  };
