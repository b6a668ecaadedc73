import type { FilePlaces } from '../../model/files/file-places.ts';

/** Where the files are that a topology names. `folder`: that of the topology, absolute. */
export const filePlaces = (folder: string): FilePlaces => ({
  folder,
  credentials: process.env['CREDENTIALS_DIRECTORY'] ?? null,
});
