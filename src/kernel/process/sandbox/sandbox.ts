import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runProgram } from '../run-program.ts';
import { type ScriptError, scriptErrors, scriptTrap } from './script-errors.ts';

/**
 * Makes a machine that ends with the command: mounts, a network and processes of its own; /run, /etc (a copy), /var/lib,
 * /tmp and /root are private, and everything else can only be read. `$@` is the command.
 */
const SANDBOX_SETUP = `
set -e
exec 3</proc/self/mountinfo
while read -r _ _ _ _ point _ <&3; do
  mount -o remount,bind,ro "$(printf '%b' "$point")" 2>/dev/null || :
done
exec 3<&-
mount -t proc proc /proc
mount -t sysfs sysfs /sys 2>/dev/null || :
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,rw /proc/sys/net
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/etc
cp -a /etc/. /run/etc 2>/dev/null || :
mount --bind /run/etc /etc
rm -rf /etc/netns
mkdir /run/program /run/node
mount --bind "$PROGRAM" /run/program
mount --bind "$NODE" /run/node
for folder in /var/lib /tmp /root; do
  mount -t tmpfs -o mode=755 tmpfs "$folder"
done
[ -d "$PROGRAM" ] || { mkdir -p "$PROGRAM"; mount --bind /run/program "$PROGRAM"; }
[ -d "$NODE" ] || { mkdir -p "$NODE"; mount --bind /run/node "$NODE"; }
mkdir /run/bin
cat >/run/bin/sudo <<'END'
#!/bin/sh
while :; do
  case $1 in
  --) shift; break ;;
  -u | -g) shift 2 ;;
  -*) shift ;;
  *) break ;;
  esac
done
exec "$@"
END
chmod 755 /run/bin/sudo
ip link set lo up
echo 0 >/proc/sys/net/ipv4/ip_forward
exec setpriv --bounding-set -sys_module,-sys_boot,-sys_time,-mknod "$@"
`;

const UNSHARE_OPTIONS = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--propagation', 'private'];

/** Runs a program of Node in a throwaway machine and gives what it printed. Throws with its last words when it fails. */
export function runInSandbox(
  argv: readonly string[],
  { input, timeoutMs }: { readonly input: string; readonly timeoutMs: number },
): string {
  const args = [...UNSHARE_OPTIONS, '/bin/sh', '-c', SANDBOX_SETUP, 'machine', process.execPath, ...argv];
  const { exitCode, stdout, stderr, problem } = runProgram({
    file: '/usr/bin/unshare',
    args,
    env: sandboxEnvironment(argv[0] ?? ''),
    input,
    timeoutMs,
  });
  if (exitCode === 0) return stdout;
  throw new Error(problem ?? (stderr.trim() || `exit code ${exitCode}`));
}

/** Environment variables with the paths that stay visible in the sandbox: node, and the program with its packages. */
const sandboxEnvironment = (program: string) => ({
  PROGRAM: /^.*?\/node_modules/.exec(program)?.[0] ?? dirname(dirname(program)),
  NODE: dirname(process.execPath),
});

/** How a script ended: its exit code, null when it took too long, and the errors that it printed. */
export type SandboxScriptResult = { readonly exitCode: number | null; readonly errors: readonly ScriptError[] };

const SCRIPT_PATH = '/run/script';
const ERRORS_PATH = '/run/script.errors';
const FAILURES_PATH = '/run/script.failures';
const TRAP_PATH = '/run/script.trap';
const BASH = ['/bin/bash', '/usr/bin/bash'];
const MAX_ERROR_BYTES = 256 * 1024;

/** Runs a script in the throwaway machine that this process is in: by its first line, else by bash, else by sh. */
export function runSandboxScript(text: string, timeoutMs: number): SandboxScriptResult {
  writeFileSync(SCRIPT_PATH, text, { mode: 0o755 });
  writeFileSync(TRAP_PATH, scriptTrap(FAILURES_PATH, ERRORS_PATH));
  const bash = BASH.find((path) => existsSync(path));
  const byBash = bash !== undefined && /^(?!#!)|^#!.*\bbash\b/.test(text);
  if (byBash) writeFileSync(FAILURES_PATH, '');
  const shell = text.startsWith('#!') ? '' : `${bash ?? '/bin/sh'} `;
  // What it leaves running in the background keeps its output open, which therefore is a file.
  const command = `cd /root && exec ${shell}${SCRIPT_PATH} >/dev/null 2>${ERRORS_PATH} </dev/null`;
  const env = { PATH: '/run/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', BASH_ENV: TRAP_PATH };
  const { exitCode } = runProgram({ file: '/bin/sh', args: ['-c', command], env, input: '', timeoutMs });
  const failures = byBash ? readFileSync(FAILURES_PATH, 'utf8') : null;
  const errors = scriptErrors({ printed: readStart(ERRORS_PATH), failures }, { path: SCRIPT_PATH, exitCode });
  for (const path of [SCRIPT_PATH, ERRORS_PATH, FAILURES_PATH, TRAP_PATH]) rmSync(path, { force: true });
  return { exitCode, errors };
}

function readStart(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(MAX_ERROR_BYTES);
    return buffer.subarray(0, readSync(fd, buffer, 0, MAX_ERROR_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}
