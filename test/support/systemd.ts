import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type Machine, machineIn, repository } from './machine.ts';

/** A throwaway machine whose process 1 is systemd. */
export type SystemdMachine = Machine & {
  /** Switches it off without a warning (everything in it is killed), and boots it again: see `withSystemd`. */
  readonly reboot: () => Promise<void>;
};

const SCRIPT = `${repository}scripts/systemd-machine.sh`;
const BOOT_TIMEOUT_MS = 60_000;
const POLL_MS = 20;

/** Why systemd cannot be booted here; null: it can. */
export const noSystemd: string | null = whyNot();

function whyNot(): string | null {
  if (!existsSync('/lib/systemd/systemd')) return 'systemd is not installed';
  if (process.getuid?.() !== 0) return 'only root can boot systemd';
  if (!/^\s*0\s+0\s+4294967295$/m.test(readFileSync('/proc/self/uid_map', 'utf8')))
    return 'systemd cannot be booted in a user namespace';
  if (!readFileSync('/proc/self/mountinfo', 'utf8').includes(' - cgroup2 '))
    return 'control groups of version 2 are not mounted';
  return null;
}

/**
 * Gives `body` a machine that has booted systemd (to multi-user.target; of the units of the machine outside only the journal
 * runs), and ends it, with everything in it, however `body` ends. A test that uses it is skipped where `noSystemd` says why.
 *
 * `reboot()` kills all that runs in it, keeps what was written below /etc, /usr, /opt, /root and /var, and boots again: with
 * another boot id, an empty network, and new /run, /tmp and /dev. Units that were enabled are started by that boot. Booting
 * takes half a second, so one machine serves all cases of a file.
 */
export async function withSystemd<T>(body: (machine: SystemdMachine) => Promise<T>): Promise<T> {
  const disk = spawn('sh', [SCRIPT, 'disk'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const number = disk.pid ?? 0;
  let booted: Booted | null = null;
  try {
    await Promise.race([once(disk.stdout, 'data'), failed(disk)]);
    booted = await boot(number);
    // A machine that booted again has other namespaces, so the process is looked up at each command.
    const machine = machineIn(() => enter(booted?.pid ?? 0));
    const reboot = async () => {
      if (booted !== null) await switchOff(booted, number);
      booted = await boot(number);
    };
    return await body({ ...machine, reboot });
  } finally {
    if (booted !== null) await switchOff(booted, number);
    const closed = once(disk, 'close');
    disk.stdin.destroy();
    disk.kill('SIGKILL');
    if (disk.exitCode === null && disk.signalCode === null) await closed;
  }
}

/** A boot: the program that waits for it, and the number of systemd. */
type Booted = { readonly waiter: ChildProcess; readonly pid: number };

async function boot(disk: number): Promise<Booted> {
  const env = { ...process.env, NETFORM_TEST_SHOWN: shownFolders().join(':') };
  const waiter = spawn('sh', [SCRIPT, 'boot', String(disk)], { stdio: ['ignore', 'ignore', 'pipe'], env });
  let said = '';
  waiter.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const deadline = Date.now() + BOOT_TIMEOUT_MS;
  for (;;) {
    if (waiter.exitCode !== null) throw new Error(`systemd did not boot (exit ${waiter.exitCode}): ${said}`);
    const pid = findSystemd(waiter.pid ?? 0);
    if (pid !== null && isBooted(pid)) return { waiter, pid };
    if (Date.now() > deadline) {
      waiter.kill('SIGKILL');
      throw new Error(`systemd has not booted within ${BOOT_TIMEOUT_MS / 1000} s`);
    }
    await setTimeout(POLL_MS);
  }
}

/** Behind nsenter(1) and unshare(1), as soon as it is systemd. */
function findSystemd(above: number): number | null {
  const children = readText(`/proc/${above}/task/${above}/children`).split(' ').filter(Boolean).map(Number);
  for (const pid of children) {
    const found = readText(`/proc/${pid}/comm`).trim() === 'systemd' ? pid : findSystemd(pid);
    if (found !== null) return found;
  }
  return null;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A unit that failed does not keep a machine from having booted. */
function isBooted(pid: number): boolean {
  try {
    const state = execFileSync('nsenter', [...enter(pid), 'sh', '-c', 'systemctl is-system-running || true'], {
      stdio: 'pipe',
    });
    return /^(running|degraded)$/m.test(state.toString());
  } catch {
    return false;
  }
}

/** Its control groups are empty then, and go. */
async function switchOff({ waiter, pid }: Booted, disk: number): Promise<void> {
  const closed = once(waiter, 'close');
  try {
    // The first process of a process namespace takes all others along.
    process.kill(pid, 'SIGKILL');
  } catch {
    waiter.kill('SIGKILL');
  }
  if (waiter.exitCode === null && waiter.signalCode === null) await closed;
  execFileSync('sh', [SCRIPT, 'forget', `netform-machine-systemd-${disk}`]);
}

/** Arguments of nsenter(1): into all that is the machine's own, and into a control group of commands. */
function enter(pid: number): readonly string[] {
  const places = ['mnt', 'net', 'pid', 'uts', 'ipc', 'cgroup'].map((kind) => {
    const option = { mnt: 'mount' }[kind] ?? kind;
    return `--${option}=/proc/${pid}/ns/${kind}`;
  });
  const script = 'echo 0 >/sys/fs/cgroup/tests/cgroup.procs && exec "$@"';
  return [...places, '--', 'sh', '-c', script, 'sh'];
}

/** What tests run and read. The root of the machine has it already, unless it is in /tmp or on another mount. */
const shownFolders = (): readonly string[] =>
  [
    repository.replace(/\/$/, ''),
    realpathSync(join(repository, 'node_modules')),
    dirname(dirname(process.execPath)),
  ].filter((folder) => folder.startsWith('/tmp/') || statSync(folder).dev !== statSync('/').dev);

const failed = (child: ChildProcess): Promise<never> =>
  new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`no throwaway machine (exit ${code}): run the tests as root`)));
  });
