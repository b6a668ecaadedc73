// Fetches the programs that some tests run, into a folder of the user's cache. They are never installed: their packages bring
// services. Where that cannot be, those tests are skipped. `node scripts/programs.mjs` does it alone; `npm test` does it, too.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');

/** Open vSwitch, with the libraries that only it needs. */
const folder = join(cache, 'netform-tests', 'openvswitch');
const packages = ['openvswitch-switch', 'openvswitch-common', 'libxdp1', 'libbpf1', 'libunbound8'];

/** Fetches what is not there; says why it could not. */
export function fetchPrograms() {
  const program = join(folder, 'usr', 'sbin', 'ovs-vswitchd');
  if (existsSync(program)) return;
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync('apt-get', ['download', '--quiet', ...packages], { cwd: folder, stdio: 'pipe', timeout: 60_000 });
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.deb')))
      execFileSync('dpkg-deb', ['-x', name, '.'], { cwd: folder, stdio: 'pipe' });
    // What update-alternatives does when the package is installed.
    symlinkSync('../lib/openvswitch-switch/ovs-vswitchd', program);
  } catch (error) {
    console.log(`Open vSwitch was not fetched, its tests are skipped: ${String(error).split('\n')[0]}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) fetchPrograms();
