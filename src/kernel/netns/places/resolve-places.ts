import { closeSync, constants, openSync } from 'node:fs';
import { groupBy } from '../../../model/values/group-by.ts';
import { type PlaceOwner, type PlaceRef, parsePlaceRef } from '../../../net/place-ref.ts';
import { errorCode, sysError } from '../../errno.ts';
import { bootTicks, readProcessStatus } from '../../process/process-status.ts';
import { askContainerd } from './containerd.ts';
import { askDocker } from './docker.ts';
import type { AskRuntime, ContainerProcess, PlaceAbsence, RuntimeAnswers } from './runtime.ts';

/** An open namespace, which the caller closes, with what is known of whose it is; `pid` null: it was opened by its path. */
export type OpenPlace = {
  readonly fd: number;
  readonly id: string;
  readonly startedAt: string;
  readonly path: string;
  readonly process: { readonly pid: number; readonly startTime: string } | null;
};

/** What each of some references names now, by their texts. Each runtime is asked once. */
export function resolvePlaces(refs: readonly string[]): ReadonlyMap<string, OpenPlace | PlaceAbsence> {
  const parsed = refs.flatMap((text): readonly (PlaceRef & { readonly text: string })[] => {
    const ref = parsePlaceRef(text);
    return typeof ref === 'string' ? [] : [{ ...ref, text }];
  });
  return new Map(
    [...groupBy(parsed, ({ by }) => by)].flatMap(([by, some]) => {
      if (by === 'path') return some.map(({ text, name }) => [text, openPath(name)] as const);
      const answers = ASK[by](some.map(({ name }) => name));
      const answered = bootTicks();
      return some.map(({ text, name }) => [text, openNamed(name, answers, answered)] as const);
    }),
  );
}

/** Opens the network of a container. Throws ENXIO, with the reason, when it does not run. */
export function requirePlace(ref: string): number {
  const found = resolvePlaces([ref]).get(ref) ?? { why: 'it names no container', remedy: '' };
  if ('why' in found) throw sysError('ENXIO', `${ref}: ${found.why}`);
  return found.fd;
}

const askPid: AskRuntime = (names) =>
  new Map(names.map((name) => [name, { id: name, startedAt: '', pid: Number(name) }]));

const ASK: { readonly [by in Exclude<PlaceOwner, 'path'>]: AskRuntime } = {
  docker: askDocker('docker'),
  podman: askDocker('podman'),
  containerd: askContainerd,
  pid: askPid,
};

function openNamed(name: string, answers: RuntimeAnswers, answered: number): OpenPlace | PlaceAbsence {
  const found = answers.get(name) ?? { why: `there is no ${name}`, remedy: 'start it' };
  return 'why' in found ? found : openProcessNetns(found, answered);
}

/**
 * Opens the network of a process, and looks afterwards that it is still the same process, for pids are used again. One that
 * began after its runtime had named it (`answered`, in clock ticks since the boot) is another, too.
 */
function openProcessNetns({ id, startedAt, pid }: ContainerProcess, answered: number): OpenPlace | PlaceAbsence {
  const gone = { why: `process ${pid} does not run`, remedy: 'start it, and look for its pid again' };
  const before = readProcessStatus(pid);
  if (before === null || before.isZombie || Number(before.startTime) > answered) return gone;
  const path = `/proc/${pid}/ns/net`;
  const fd = openOrCode(path);
  if (typeof fd === 'string') return fd === 'ENOENT' || fd === 'ESRCH' ? gone : refusedPath(path, fd);
  if (readProcessStatus(pid)?.startTime !== before.startTime) {
    closeSync(fd);
    return gone;
  }
  const process = { pid, startTime: before.startTime };
  return { fd, id, startedAt: startedAt === '' ? before.startTime : startedAt, path, process };
}

function openPath(path: string): OpenPlace | PlaceAbsence {
  const fd = openOrCode(path);
  if (typeof fd === 'number') return { fd, id: path, startedAt: '', path, process: null };
  return fd === 'ENOENT'
    ? { why: `there is no file ${path}`, remedy: 'make the namespace first' }
    : refusedPath(path, fd);
}

const refusedPath = (path: string, code: string): PlaceAbsence => ({
  why: `${path} cannot be opened (${code})`,
  remedy: 'run netform as root on the machine itself',
});

/** A descriptor, or why the file cannot be opened. */
function openOrCode(path: string): number | string {
  try {
    // The file may be a pipe, on which opening would wait.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === null) throw error;
    return code;
  }
}
