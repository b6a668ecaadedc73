import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** The folder with the files of Open vSwitch, which scripts/programs.mjs fetches. */
const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netform-tests', 'openvswitch');

/** Why Open vSwitch cannot be tried here; null: it can. */
export const noOpenVswitch = findReason();

/** Lays them over the /usr of a throwaway machine. */
export const MOUNT_OPEN_VSWITCH = `mount -t overlay overlay -o lowerdir=${FOLDER}/usr:/usr /usr`;

/** Gives a throwaway machine the programs of Open vSwitch. */
export const installOpenVswitch = (m: Machine): Promise<string> => m.must(MOUNT_OPEN_VSWITCH);

function findReason(): string | null {
  if (!existsSync(join(FOLDER, 'usr/sbin/ovs-vswitchd'))) return 'node scripts/programs.mjs has not fetched it';
  try {
    execFileSync('sh', ['-c', 'exec 3<>/dev/net/tun'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this user may not open /dev/net/tun';
  }
}
