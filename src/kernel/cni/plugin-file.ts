import { closeSync, lstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { catchErrno } from '../errno.ts';
import { isTrusted } from '../files/ownership.ts';

/** The program of a plugin. `problem`: why it is not run, as a clause about `it`; null: nothing speaks against it. */
export type PluginFile = { readonly path: string; readonly problem: string | null };

const EXECUTABLE = 0o111;
const HEAD_BYTES = 256;

/** Finds the program of a plugin type in the first folder that has it. Null: none has. */
export function findPluginFile(type: string, folders: readonly string[]): PluginFile | null {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(type)) return null;
  const path = folders
    .map((folder) => `${folder}/${type}`)
    .find((candidate) => catchErrno(['ENOENT', 'ENOTDIR'], () => statSync(candidate)));
  return path === undefined ? null : { path, problem: trustProblem(path, folders) ?? startProblem(path) };
}

/** The names of what is in the folders. */
export const listPluginFiles = (folders: readonly string[]): readonly string[] => [
  ...new Set(folders.flatMap((folder) => catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [])),
];

/** Running a program as root gives root to everyone who can write it, or a folder on its path. */
function trustProblem(path: string, folders: readonly string[]): string | null {
  const real = realpathSync(path);
  if (!folders.some((folder) => dirname(real) === catchErrno(['ENOENT'], () => realpathSync(folder))))
    return `it leads to ${real}, outside of ${folders.join(' and ')}`;
  const stats = statSync(real);
  if (!stats.isFile()) return 'it is not a file';
  const onTheWay = [path, real].flatMap(parentFolders).map((folder) => lstatSync(folder));
  const trusted = isTrusted(stats) && onTheWay.every(isTrusted);
  return trusted ? null : 'it, or a folder on the way to it, can be written by others than root';
}

/** `/a/b` and `/a` of `/a/b/c`. */
const parentFolders = (path: string): readonly string[] => {
  const folder = dirname(path);
  return folder === '/' ? [] : [folder, ...parentFolders(folder)];
};

/** Why the kernel, or a runtime written in Go, would not start a program. A shell would run what has no interpreter: a runtime does not. */
function startProblem(path: string): string | null {
  if ((statSync(path).mode & EXECUTABLE) === 0) return `it is not executable: chmod +x ${path}`;
  const head = readHead(path);
  if (head.startsWith('\x7fELF')) return null;
  if (!head.startsWith('#!')) {
    const mark = head.startsWith('\xef\xbb\xbf') ? 'a byte order mark stands before its #!' : 'it has no #! line';
    return `${mark}: let its first line be #!/bin/sh, or another interpreter`;
  }
  const [line = ''] = head.slice(2).split('\n');
  if (line.endsWith('\r')) return `its lines end with CR LF: sed -i 's/\\r$//' ${path}`;
  const [interpreter = ''] = line.trim().split(/[ \t]/);
  return catchErrno(['ENOENT', 'ENOTDIR'], () => statSync(interpreter)) === null
    ? `its interpreter ${interpreter || '(none)'} is not there`
    : null;
}

function readHead(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.toString('latin1', 0, readSync(fd, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}
