import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder with the files of runit, which scripts/programs.mjs fetches. */
const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netform-tests', 'runit');

/** Why runit cannot be tried here; null: it can. */
export const noRunit = existsSync(join(FOLDER, 'usr/bin/runsv'))
  ? null
  : 'node scripts/programs.mjs has not fetched it';

/** Lays it over the /usr of a throwaway machine. */
export const MOUNT_RUNIT = `mount -t overlay overlay -o lowerdir=${FOLDER}/usr:/usr /usr`;
