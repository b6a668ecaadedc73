import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessDescription } from '../../../model/kernel/lab-process.ts';
import { openFolderMaker } from '../../files/created-folders.ts';
import { PRIVATE_FOLDER } from '../process-record.ts';

/** Makes private folders, and the places at which they are seen, which have to be there. */
export function makeMountPoints(folders: ProcessDescription['privateFolders']): void {
  for (const source of Object.values(folders)) mkdirSync(source, { recursive: true, mode: PRIVATE_FOLDER });
  const missing = Object.keys(folders).filter((path) => !existsSync(path));
  if (missing.length === 0) return;
  const maker = openFolderMaker(missing.map((path) => join(path, 'any')));
  for (const path of missing) maker.around(join(path, 'any'), () => {});
  maker.finish();
}
