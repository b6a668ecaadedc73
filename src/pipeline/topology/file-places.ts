import { dirname, resolve } from 'node:path';
import type { FilePlaces } from '../../model/files/file-places.ts';

/** Where the files are that a topology names; null, of one from standard input: as if it were in the working folder. */
export const filePlaces = (path: string | null): FilePlaces => ({
  folder: path === null ? resolve('.') : dirname(path),
  credentials: process.env['CREDENTIALS_DIRECTORY'] ?? null,
});
