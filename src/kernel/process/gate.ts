import { spawn, spawnSync } from 'node:child_process';
import type { ProcessDescription } from '../../model/kernel/lab-process.ts';
import { PROGRAM_PATH } from '../../model/kernel/program-path.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { sysError } from '../errno.ts';
import { closeFd, setCloseOnExec, systemCall, writeBuffer } from '../libc.ts';
import { programScript, type TermedDescription } from './program-script.ts';

// fcntl.h
const O_CLOEXEC = 0o2000000;
const GO = 'go';
const AWAIT_WORD = `IFS= read -r word && [ "$word" = ${GO} ] || exit 125`;
const CHECK_TIMEOUT_MS = 10_000;

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
export const spawnGated = (description: ProcessDescription, log: number): GatedChild =>
  spawnGate(gateCommand(description), { environment: description.environment, output: [log, log] });

/**
 * The same for a program of the user's, whose script stays its parent. `environment`: with the values that are not shown.
 * It is born in the mounts that this thread is in.
 */
export function spawnGatedProgram(
  description: TermedDescription,
  { folder, environment }: { readonly folder: string; readonly environment: ProcessDescription['environment'] },
): GatedChild {
  const ends = Buffer.alloc(8);
  native.pipe2(ends, O_CLOEXEC);
  const [reader, writer] = [ends.readInt32LE(0), ends.readInt32LE(4)];
  try {
    const script = `${AWAIT_WORD}\n${programScript(description, folder)}`;
    return spawnGate(['/bin/sh', '-c', script], { environment, output: [writer, writer, reader] });
  } finally {
    closeFd(reader);
    closeFd(writer);
  }
}

type GateStreams = {
  readonly environment: ProcessDescription['environment'];
  /** Its descriptors from the standard output on; its standard input is the gate. */
  readonly output: readonly number[];
};

function spawnGate(words: readonly string[], { environment, output }: GateStreams): GatedChild {
  const ends = Buffer.alloc(8);
  native.pipe2(ends, O_CLOEXEC);
  const [inner, outer] = [ends.readInt32LE(0), ends.readInt32LE(4)];
  try {
    setCloseOnExec();
    const [file = '', ...args] = words;
    const env = { PATH: PROGRAM_PATH, LC_ALL: 'C', ...environment };
    const child = spawn(file, args, { detached: true, stdio: [inner, ...output], cwd: '/', env });
    child.on('error', () => {});
    child.unref();
    // The number 0 would mean this process itself to a control group.
    if (child.pid === undefined) throw sysError('EAGAIN', `${file} cannot be started: no more processes, or no memory`);
    return {
      pid: child.pid,
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

function gateCommand(description: ProcessDescription): readonly string[] {
  const { command, prepare, check } = description;
  return insideCommand(description, [
    AWAIT_WORD,
    'exec </dev/null',
    ...prepare.map((one) => {
      const unless = one.creates === null ? '' : `[ -e ${shellWord(one.creates)} ] || `;
      return `${unless}${words(one.command)} || exit 126`;
    }),
    ...(check ? [`${words(check)} || exit 126`] : []),
    `exec ${words(command)}`,
  ]);
}

/** A shell with the private folders of a process in their places: the first line runs before them. */
function insideCommand(
  { privateFolders }: ProcessDescription,
  [first = '', ...lines]: readonly string[],
): readonly string[] {
  const folders = Object.entries(privateFolders);
  const mounts = folders.map(([path, source]) => `mount --bind ${words([source, path])} || exit 126`);
  const shell = ['/bin/sh', '-c', [first, ...mounts, ...lines].join('\n')];
  return folders.length === 0 ? shell : ['unshare', '--mount', '--propagation', 'slave', '--', ...shell];
}

/** Has a process's configuration checked where it runs, by its own command: what that says when it refuses it, else null. */
export function checkConfiguration(description: ProcessDescription): string | null {
  if (description.check === undefined) return null;
  const [file = '', ...args] = insideCommand(description, [':', `exec ${words(description.check)}`]);
  const env = { PATH: PROGRAM_PATH, LC_ALL: 'C', ...description.environment };
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd: '/',
    env,
    timeout: CHECK_TIMEOUT_MS,
    encoding: 'utf8',
  });
  return status === 0 ? null : `${stderr}${stdout}`.trim();
}

const words = (command: readonly string[]): string => command.map(shellWord).join(' ');
