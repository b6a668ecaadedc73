// Installs what the project needs: the npm packages, and the Debian packages whose programs the tests and the demo run.
// Uses only Node's own modules, because it runs before anything else is there.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** By Debian package: a file that it brings. The first four are what netform itself can need. */
const packages = {
  iproute2: ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'],
  nftables: ['/usr/sbin/nft', '/sbin/nft'],
  'containernetworking-plugins': ['/usr/lib/cni/bridge'],
  'libpcap0.8': ['/usr/lib/x86_64-linux-gnu/libpcap.so.0.8', '/usr/lib/aarch64-linux-gnu/libpcap.so.0.8'],
  'util-linux': ['/usr/bin/unshare', '/bin/unshare'],
  'iputils-ping': ['/usr/bin/ping', '/bin/ping'],
  procps: ['/usr/sbin/sysctl', '/sbin/sysctl'],
  jq: ['/usr/bin/jq'],
  ncat: ['/usr/bin/ncat'],
  curl: ['/usr/bin/curl'],
  python3: ['/usr/bin/python3'],
  'dnsmasq-base': ['/usr/sbin/dnsmasq'],
  'bind9-dnsutils': ['/usr/bin/dig'],
  strace: ['/usr/bin/strace'],
  iptables: ['/usr/sbin/iptables', '/sbin/iptables'],
  'bridge-utils': ['/usr/sbin/brctl', '/sbin/brctl'],
  'net-tools': ['/usr/sbin/ifconfig', '/sbin/ifconfig'],
  gcc: ['/usr/bin/cc', '/usr/bin/gcc'],
  'libc6-dev': ['/usr/include/stdio.h'],
  tcpdump: ['/usr/bin/tcpdump', '/usr/sbin/tcpdump'],
  chromium: ['/usr/bin/chromium'],
  graphviz: ['/usr/bin/dot'],
  zsh: ['/usr/bin/zsh', '/bin/zsh'],
  fish: ['/usr/bin/fish'],
  mandoc: ['/usr/bin/mandoc'],
};

/** Makes everything ready, or says what is missing and ends the process with 1. */
export function setup() {
  checkNode();
  installNpmPackages();
  installDebianPackages();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 ? process.getBuiltinModule : major === 20 && minor >= 19) return;
  stop(`Node 20.19, 22.3 or newer is needed; this is ${process.versions.node}`);
}

/** `npm ci` writes node_modules/.package-lock.json last, so its time says whether the packages are those of the lock file. */
function installNpmPackages() {
  const done = `${root}node_modules/.package-lock.json`;
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs) return;
  console.log('setup: npm ci');
  run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], 'npm ci failed');
}

function installDebianPackages() {
  const missing = Object.keys(packages).filter((name) => !packages[name].some((path) => existsSync(path)));
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (!existsSync('/usr/bin/apt-get')) stop(`missing programs: install ${missing.join(', ')}`);
  if (process.getuid() !== 0) stop(`missing Debian packages, as root: ${command}`);
  console.log(`setup: ${command}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], 'apt-get update failed', env);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], `${command} failed`, env);
}

function run(program, args, complaint, env = process.env) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
  if (status !== 0) stop(complaint);
}

function stop(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) setup();
