import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** The folder with the files of haproxy, which scripts/programs.mjs fetches. */
const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netform-tests', 'haproxy');

/** Why haproxy cannot be tried here; null: it can. */
export const noHaproxy = existsSync(join(FOLDER, 'usr/sbin/haproxy'))
  ? null
  : 'node scripts/programs.mjs has not fetched it';

/** The command that lays haproxy over the /usr of a throwaway machine. */
export const haproxyOverlay = `mount -t overlay overlay -o lowerdir=${FOLDER}/usr:/usr /usr`;

/** Lays haproxy over the /usr of a throwaway machine. */
export const installHaproxy = (m: Machine): Promise<string> => m.must(haproxyOverlay);
