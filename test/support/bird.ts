import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** The folder with the files of bird, which scripts/programs.mjs fetches. */
const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netform-tests', 'bird');

/** Why bird cannot be tried here; null: it can. */
export const noBird = existsSync(join(FOLDER, 'usr/sbin/bird')) ? null : 'node scripts/programs.mjs has not fetched it';

/** Lays bird over the /usr of a throwaway machine. */
export const installBird = (m: Machine): Promise<string> =>
  m.must(`mount -t overlay overlay -o lowerdir=${FOLDER}/usr:/usr /usr`);
