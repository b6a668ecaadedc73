// Unpacks the real programs that labs are tested beside (test/safety/neighbours) into a folder of their own. They bring
// services, so none of them is installed: a throwaway machine lays the folder over its /usr. `npm test` calls this; where
// it cannot, those tests are skipped. Uses only Node's own modules.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** By program: its Debian packages. What they depend on and this machine lacks is unpacked with them. */
const programs = {
  docker: ['docker.io'],
  podman: ['podman', 'netavark', 'crun'],
  libvirt: ['libvirt-daemon', 'libvirt-clients', 'libvirt-daemon-config-network'],
  firewalld: ['firewalld', 'python3-gi', 'python3-dbus', 'dbus-daemon'],
  ufw: ['ufw'],
  busybox: ['busybox-static'],
};

/**
 * Fetches all of them unless the folder is there and whole, and says what could not be had; never ends the process. Gives the folder:
 * the one that NETFORM_TEST_PROGRAMS names, or one below ~/.cache.
 */
export function fetchNeighbours({ NETFORM_TEST_PROGRAMS, XDG_CACHE_HOME } = process.env) {
  const folder = NETFORM_TEST_PROGRAMS || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'netform', 'neighbours');
  if (!isWhole(folder) && existsSync('/usr/bin/apt-get')) unpackInto(folder);
  return folder;
}

/** What stands in the folder beside the programs: which packages it was made of. */
const README = `Debian packages unpacked for the tests of netform. Delete this folder at any time.
${Object.values(programs).flat().join(' ')}
`;

/** Whether the folder is there and was made of the packages of today. */
function isWhole(folder) {
  const path = join(folder, 'README');
  return existsSync(path) && readFileSync(path, 'utf8') === README;
}

function unpackInto(folder) {
  console.log(
    `setup: unpacking programs that labs are tested beside into ${folder} (80 MB to fetch, none is installed)`,
  );
  mkdirSync(dirname(folder), { recursive: true });
  const unpacked = mkdtempSync(`${folder}.`);
  try {
    // Together in one go where the distribution has all of them.
    if (unpack(Object.values(programs).flat(), unpacked) !== '') {
      for (const [name, packages] of Object.entries(programs)) {
        const complaint = unpack(packages, unpacked);
        if (complaint !== '') console.log(`setup: without ${name}: ${complaint.split('\n')[0]}`);
      }
    }
    if (!existsSync(join(unpacked, 'usr'))) return;
    for (const part of readdirSync(unpacked).filter((part) => /^(lib|s?bin)/.test(part))) mergeIntoUsr(unpacked, part);
    writeFileSync(join(unpacked, 'README'), README);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unpacked, folder);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

/** Gives what apt or dpkg said where something could not be had, else nothing. */
function unpack(packages, folder) {
  const { complaint, wanted } = missing(packages);
  if (complaint !== undefined || wanted.length === 0) return complaint ?? '';
  const debs = mkdtempSync(`${folder}.debs.`);
  try {
    const got = run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', ...wanted], debs);
    if (got.status !== 0) return got.stderr.trim();
    for (const deb of readdirSync(debs)) {
      const { status, stderr } = run('dpkg-deb', ['-x', deb, folder], debs);
      if (status !== 0) return stderr.trim();
    }
    return '';
  } finally {
    rmSync(debs, { recursive: true, force: true });
  }
}

/** Those of the packages, and of what they need, that this machine lacks: what apt says that it would install. */
function missing(packages) {
  const { status, stdout, stderr } = run('apt-get', ['install', '--simulate', '--no-install-recommends', ...packages]);
  if (status !== 0) return { complaint: stderr.trim() };
  return { wanted: [...stdout.matchAll(/^Inst (\S+) /gm)].map(([, name]) => name) };
}

/** As on a machine where /lib is a link to /usr/lib. */
function mergeIntoUsr(folder, part) {
  cpSync(join(folder, part), join(folder, 'usr', part), { recursive: true, verbatimSymlinks: true });
  rmSync(join(folder, part), { recursive: true });
}

function run(program, args, cwd = '/') {
  return spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(fetchNeighbours());
