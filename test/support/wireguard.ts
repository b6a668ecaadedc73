import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** The folder with wireguard-go and wg, which scripts/programs.mjs fetches. */
const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netform-tests', 'wireguard');

/** Why WireGuard in user space cannot be tried here; null: it can. */
export const noWireguard = findReason();

/** Lays its programs over the /usr of a throwaway machine. */
export const MOUNT_WIREGUARD = `mount -t overlay overlay -o lowerdir=${FOLDER}/usr:/usr /usr`;

/** Gives a throwaway machine its programs. */
export const installWireguard = (m: Machine): Promise<string> => m.must(MOUNT_WIREGUARD);

/** `wg` where it finds the socket of a link of a lab. */
export const wg = (m: Machine, at: WireguardPlace, words: string): Promise<string> =>
  m.must(`nsenter -t $(cat ${pidFile(at)}) -m -n wg ${words}`);

/** A link of a lab, which is called wg0. */
export type WireguardPlace = { readonly lab: string; readonly netns: string };

/** The file with the number of the process that makes it. */
export const pidFile = ({ lab, netns }: WireguardPlace): string =>
  `/run/netform/labs/${lab}/.processes/${netns}.wireguard-go-wg0/pid`;

function findReason(): string | null {
  if (!existsSync(join(FOLDER, 'usr/bin/wireguard-go'))) return 'node scripts/programs.mjs has not fetched it';
  try {
    execFileSync('sh', ['-c', 'exec 3<>/dev/net/tun'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this user may not open /dev/net/tun';
  }
}
