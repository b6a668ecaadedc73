import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** The folder with the files of unbound, which scripts/programs.mjs fetches. */
const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netform-tests', 'unbound');

/** Why unbound cannot be tried here; null: it can. */
export const noUnbound = existsSync(join(FOLDER, 'usr/sbin/unbound'))
  ? null
  : 'node scripts/programs.mjs has not fetched it';

/** Lays unbound over the /usr of a throwaway machine. */
export const installUnbound = (m: Machine): Promise<string> =>
  m.must(`mount -t overlay overlay -o lowerdir=${FOLDER}/usr:/usr /usr`);
