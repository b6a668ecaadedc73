import { closeSync, fstatSync, statSync } from 'node:fs';
import { catchErrno } from '../../errno.ts';
import { findProgram } from '../../process/find-program.ts';
import { netnsNames, netnsPath } from '../netns.ts';
import { resolvePlaces } from './resolve-places.ts';
import { askProgram } from './runtime.ts';

/** A container that runs: its reference, `docker:web`, and the names below /run/netns that its network has. */
export type RunningContainer = { readonly ref: string; readonly names: readonly string[] };

/** The containers of Docker and Podman that run with a network of their own. A runtime that cannot be asked has none. */
export function listRunningContainers(): readonly RunningContainer[] {
  const refs = ['docker', 'podman'].filter((program) => findProgram(program) !== null).flatMap(runningIn);
  const named = netnsNames().map((name) => ({ name, key: keyOf(statFile(netnsPath(name))) }));
  const own = keyOf(statFile('/proc/self/ns/net'));
  return [...resolvePlaces(refs)].flatMap(([ref, place]) => {
    if ('why' in place) return [];
    const key = keyOf(fstatSync(place.fd));
    closeSync(place.fd);
    return key === own ? [] : [{ ref, names: named.filter((one) => one.key === key).map(({ name }) => name) }];
  });
}

function runningIn(program: string): readonly string[] {
  const answer = askProgram(program, ['ps', '--format', '{{.Names}}']);
  if ('why' in answer) return [];
  return answer.stdout.split('\n').flatMap((line) => (line === '' ? [] : [`${program}:${line.split(',')[0]}`]));
}

const statFile = (path: string) => catchErrno(['ENOENT'], () => statSync(path));
const keyOf = (file: { readonly dev: number; readonly ino: number } | null): string =>
  file ? `${file.dev}:${file.ino}` : '';
