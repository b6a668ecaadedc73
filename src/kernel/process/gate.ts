import { spawn } from 'node:child_process';
import type { ProcessDescription } from '../../model/kernel/lab-process.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { closeFd, setCloseOnExec, systemCall, writeBuffer } from '../libc.ts';

/** Where the programs of a lab are looked for. */
export const PROGRAM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

// fcntl.h
const O_CLOEXEC = 0o2000000;
const GO = 'go';

const native = { pipe2: systemCall('pipe2', 'int pipe2(void*, int)') };

/** A child that has not become its program yet. */
export type GatedChild = {
  readonly pid: number;
  /** Lets it become the program; until then the end of this process ends it, too. */
  readonly open: () => void;
  /** Closes the gate: the child ends, unless it was let through. */
  readonly close: () => void;
};

/**
 * Starts a child in a session of its own that waits for a word before it becomes the program: so that who it is can be
 * written down first. It is born in the namespace that this thread is in. `log`: a descriptor for its output.
 */
export function spawnGated(description: ProcessDescription, log: number): GatedChild {
  const ends = Buffer.alloc(8);
  native.pipe2(ends, O_CLOEXEC);
  const [inner, outer] = [ends.readInt32LE(0), ends.readInt32LE(4)];
  try {
    setCloseOnExec();
    const [file = '', ...args] = gateCommand(description);
    const env = { PATH: PROGRAM_PATH, LC_ALL: 'C', ...description.environment };
    const child = spawn(file, args, { detached: true, stdio: [inner, log, log], cwd: '/', env });
    child.on('error', () => {});
    child.unref();
    return {
      pid: child.pid ?? 0,
      open: () => void writeBuffer(outer, Buffer.from(`${GO}\n`)),
      close: () => closeFd(outer),
    };
  } catch (error) {
    closeFd(outer);
    throw error;
  } finally {
    closeFd(inner);
  }
}

function gateCommand({ command, prepare, privateFolders }: ProcessDescription): readonly string[] {
  const folders = Object.entries(privateFolders);
  const script = [
    `IFS= read -r word && [ "$word" = ${GO} ] || exit 125`,
    'exec </dev/null',
    ...folders.map(([path, source]) => `mount --bind ${words([source, path])} || exit 126`),
    ...prepare.map((one) => {
      const unless = one.creates === null ? '' : `[ -e ${shellWord(one.creates)} ] || `;
      return `${unless}${words(one.command)} || exit 126`;
    }),
    `exec ${words(command)}`,
  ].join('\n');
  const shell = ['/bin/sh', '-c', script];
  return folders.length === 0 ? shell : ['unshare', '--mount', '--propagation', 'slave', '--', ...shell];
}

const words = (command: readonly string[]): string => command.map(shellWord).join(' ');
