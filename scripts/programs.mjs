// Fetches the programs that some tests run, into folders of the user's cache. They are never installed: their packages bring
// services. Where that cannot be, those tests are skipped. `node scripts/programs.mjs` does it alone; `npm test` does it, too.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');

/** By folder: the program that says that it is there, and the packages, with the libraries that only they need. */
const programs = {
  openvswitch: {
    program: 'usr/sbin/ovs-vswitchd',
    packages: ['openvswitch-switch', 'openvswitch-common', 'libxdp1', 'libbpf1', 'libunbound8'],
    // What update-alternatives does when the package is installed.
    target: '../lib/openvswitch-switch/ovs-vswitchd',
  },
  runit: { program: 'usr/bin/runsv', packages: ['runit'], target: null },
  wireguard: { program: 'usr/bin/wireguard-go', packages: ['wireguard-go', 'wireguard-tools'], target: null },
  bird: { program: 'usr/sbin/bird', packages: ['bird2', 'libssh-gcrypt-4'], target: null },
  haproxy: {
    program: 'usr/sbin/haproxy',
    packages: ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1'],
    target: null,
  },
  nginx: { program: 'usr/sbin/nginx', packages: ['nginx', 'nginx-common'], target: null },
  frr: { program: 'usr/lib/frr/bgpd', packages: ['frr', 'libyang2', 'libprotobuf-c1', 'libjson-c5'], target: null },
  unbound: {
    program: 'usr/sbin/unbound',
    packages: ['unbound', 'libpython3.11', 'libprotobuf-c1', 'libevent-2.1-7', 'libnghttp2-14'],
    target: null,
  },
  ansible: {
    program: 'usr/bin/ansible-playbook',
    packages: [
      ...['ansible-core', 'python3-jinja2', 'python3-markupsafe', 'python3-packaging', 'python3-resolvelib'],
      ...['python3-yaml', 'libyaml-0-2', 'python3-cryptography', 'python3-cffi-backend'],
      ...['openssh-server', 'openssh-client', 'openssh-sftp-server', 'libwrap0'],
    ],
    target: null,
  },
};

/** Fetches what is not there; says why it could not. */
export function fetchPrograms() {
  for (const [name, one] of Object.entries(programs)) fetchProgram(name, one);
}

function fetchProgram(name, { program, packages, target }) {
  const folder = join(cache, 'netform-tests', name);
  if (existsSync(join(folder, program))) return;
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync('apt-get', ['download', '--quiet', ...packages], { cwd: folder, stdio: 'pipe', timeout: 60_000 });
    for (const deb of readdirSync(folder).filter((one) => one.endsWith('.deb')))
      execFileSync('dpkg-deb', ['-x', deb, '.'], { cwd: folder, stdio: 'pipe' });
    if (target !== null) symlinkSync(target, join(folder, program));
  } catch (error) {
    console.log(`${name} was not fetched, its tests are skipped: ${String(error).split('\n')[0]}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) fetchPrograms();
