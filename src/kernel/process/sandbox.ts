import { closeSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runProgram } from './run-program.ts';

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

/** How a script ended: its exit code, null when it took too long, and the end of what it printed. */
export type SandboxScriptResult = { readonly exitCode: number | null; readonly printed: string };

const SCRIPT_PATH = '/run/script';
const OUTPUT_PATH = '/run/script.out';
const MAX_OUTPUT_TAIL_BYTES = 64 * 1024;

/** Runs a script in the throwaway machine that this process is in: by its first line, else by sh. */
export function runSandboxScript(text: string, timeoutMs: number): SandboxScriptResult {
  writeFileSync(SCRIPT_PATH, text, { mode: 0o755 });
  // What it leaves running in the background keeps its output open, which therefore is a file.
  const command = `cd /root && exec ${text.startsWith('#!') ? '' : '/bin/sh '}${SCRIPT_PATH} >${OUTPUT_PATH} 2>&1 </dev/null`;
  const env = { PATH: '/run/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
  const { exitCode } = runProgram({ file: '/bin/sh', args: ['-c', command], env, input: '', timeoutMs });
  const printed = readOutput(OUTPUT_PATH);
  for (const path of [SCRIPT_PATH, OUTPUT_PATH]) rmSync(path, { force: true });
  return { exitCode, printed };
}

function readOutput(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(MAX_OUTPUT_TAIL_BYTES);
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, MAX_OUTPUT_TAIL_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}
