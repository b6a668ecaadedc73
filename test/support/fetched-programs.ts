import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './machine.ts';

/** A program of a package that is never installed: scripts/programs.mjs fetches its files into the cache of the user. */
type FetchedProgram = {
  /** Why it cannot be tried here; null: it can. */
  readonly missing: string | null;
  readonly folder: string;
  /** The command that lays it over the /usr of a throwaway machine. */
  readonly overlay: string;
  /** Gives it to a throwaway machine. */
  readonly install: (m: Machine) => Promise<string>;
};

/** By the folder that scripts/programs.mjs makes, and the program in it. `why`: what else is missing; null: nothing. */
function fetchedProgram(name: string, program: string, why: () => string | null = () => null): FetchedProgram {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'netform-tests', name);
  const overlay = `mount -t overlay overlay -o lowerdir=${folder}/usr:/usr /usr`;
  return {
    missing: existsSync(join(folder, program)) ? why() : 'node scripts/programs.mjs has not fetched it',
    folder,
    overlay,
    install: (m) => m.must(overlay),
  };
}

export const ansible = fetchedProgram('ansible', 'usr/bin/ansible-playbook');
export const bird = fetchedProgram('bird', 'usr/sbin/bird');
/** With the users that its package makes: the daemons refuse to run without. */
export const frr: FetchedProgram = (() => {
  const fetched = fetchedProgram('frr', 'usr/lib/frr/bgpd');
  const users = [
    'echo frr:x:990:990::/nonexistent:/usr/sbin/nologin >>/etc/passwd',
    'printf "frr:x:990:\\nfrrvty:x:989:frr\\n" >>/etc/group',
    `cp ${fetched.folder}/etc/pam.d/frr /etc/pam.d/`,
    'mkdir -p /etc/frr && touch /etc/frr/vtysh.conf',
  ];
  return { ...fetched, install: (m) => m.must([fetched.overlay, ...users].join(' && ')) };
})();
export const haproxy = fetchedProgram('haproxy', 'usr/sbin/haproxy');
export const nginx = fetchedProgram('nginx', 'usr/sbin/nginx');
export const openVswitch = fetchedProgram('openvswitch', 'usr/sbin/ovs-vswitchd', noTun);
export const runit = fetchedProgram('runit', 'usr/bin/runsv');
export const unbound = fetchedProgram('unbound', 'usr/sbin/unbound');
export const wireguard = fetchedProgram('wireguard', 'usr/bin/wireguard-go', noTun);

function noTun(): string | null {
  try {
    execFileSync('sh', ['-c', 'exec 3<>/dev/net/tun'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this user may not open /dev/net/tun';
  }
}
