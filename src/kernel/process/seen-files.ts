import { chmodSync, chownSync, closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { RUN_FOLDER, seenFilesFolder } from '../../model/kernel/lab-process.ts';
import { catchErrno, sysError } from '../errno.ts';
import { cString, MS_BIND, MS_REC, systemCall } from '../libc.ts';

/** linux/mount.h. */
export const MS_RDONLY = 1;
// fcntl.h; Node has no name for it.
const O_PATH = 0o10000000;

const native = { mount: systemCall('mount', 'int mount(str, str, str, uint64_t, void*)') };

/** The folder of the files that programs of a namespace see elsewhere, of whichever lab it is; null: there are none. */
export function findSeenFiles(netns: string): string | null {
  const labs = catchErrno(['ENOENT', 'ENOTDIR', 'EACCES'], () => readdirSync(RUN_FOLDER)) ?? [];
  return labs.map((lab) => seenFilesFolder(lab, netns)).find((folder) => existsSync(folder)) ?? null;
}

/** A file in the place at which it is seen, or, before those in it, a read-only overlay of `source` over a folder of the machine. */
export type SeenMount = { readonly is: 'file' | 'overlay'; readonly source: string; readonly at: string };

/**
 * The mounts that show the files below `folder` at their paths, in their order: over a file of that path, or else in a
 * read-only overlay over the nearest folder that exists (overlayfs, Linux 5.11 in a user namespace). Throws ENOENT where that
 * folder would be the root.
 */
export function seenMounts(folder: string): readonly SeenMount[] {
  const overlays: string[] = [];
  return filesBelow(folder, '').flatMap((path): readonly SeenMount[] => {
    const file: SeenMount = { is: 'file', source: folder + path, at: path };
    if (existsSync(path) || overlays.some((at) => path.startsWith(`${at}/`))) return [file];
    const at = nearestFolder(path);
    overlays.push(at);
    return [{ is: 'overlay', source: folder + at, at }, file];
  });
}

/** Makes them in the mounts of this thread. The machine's own files and folders stay as they are. */
export function mountSeenFiles(mounts: readonly SeenMount[]): void {
  for (const { is, source, at } of mounts) {
    if (is === 'overlay') overlay(source, at);
    else native.mount(cString(source), cString(at), 'none', MS_BIND, null);
  }
}

/** Gives the folders of overlays the rights that the machine's have. */
export function copyFolderRights(mounts: readonly SeenMount[]): void {
  for (const { is, source, at } of mounts) if (is === 'overlay') copyRights(source.slice(0, -at.length), at);
}

/** Absolute, as they are seen. */
function filesBelow(folder: string, at: string): readonly string[] {
  return readdirSync(folder + at, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(folder, `${at}/${entry.name}`) : [`${at}/${entry.name}`]));
}

function nearestFolder(path: string): string {
  let at = dirname(path);
  while (!existsSync(at)) at = dirname(at);
  if (at === '/') throw sysError('ENOENT', `there is no folder for ${path} on this machine but the root`);
  return at;
}

/** Ours come first; a folder in both has the rights of the machine's. What is mounted in the machine's is mounted again. */
function overlay(source: string, at: string): void {
  const inside = mountPointsIn(at).map((point) => ({ point, fd: openSync(point, O_PATH) }));
  try {
    const options = `lowerdir=${optionText(source)}:${optionText(at)}`;
    native.mount('overlay', cString(at), 'overlay', MS_RDONLY, cString(options));
    for (const { point, fd } of inside)
      native.mount(`/proc/thread-self/fd/${fd}`, cString(point), 'none', MS_BIND | MS_REC, null);
  } finally {
    for (const { fd } of inside) closeSync(fd);
  }
}

function copyRights(folder: string, at: string): void {
  const theirs = catchErrno(['ENOENT', 'ENOTDIR'], () => statSync(at));
  if (theirs === null || !theirs.isDirectory()) return;
  chmodSync(folder + at, theirs.mode & 0o7777);
  // In a user namespace there are owners that have no number.
  catchErrno(['EPERM', 'EINVAL'], () => chownSync(folder + at, theirs.uid, theirs.gid));
  for (const entry of readdirSync(folder + at, { withFileTypes: true }))
    if (entry.isDirectory()) copyRights(folder, `${at}/${entry.name}`);
}

/** The mounts in a folder (proc(5), mountinfo, fifth field, with its octal escapes), without those in one of them. */
function mountPointsIn(folder: string): readonly string[] {
  const points = readFileSync('/proc/thread-self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => plainText(line.split(' ')[4] ?? ''))
    .filter((point) => point.startsWith(`${folder}/`));
  return [...new Set(points)].filter((point) => !points.some((other) => point.startsWith(`${other}/`)));
}

const plainText = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

/** In the options of overlayfs. */
export const optionText = (path: string): string => path.replace(/[\\:,]/g, '\\$&');
