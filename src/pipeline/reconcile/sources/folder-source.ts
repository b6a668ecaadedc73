import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, sha256Latin1 } from '../../../model/values/hash.ts';
import type { FolderSource, ReconcileSettings } from '../../../reconcile/settings.ts';
import { treeFolder, writeTree } from '../../../store/reconcile-store.ts';
import type { Store } from '../../../store/store.ts';
import { includeReader } from '../../topology/read-included.ts';
import { isPlainPath, type ReconcileSource, SOURCE_LIMITS } from './source.ts';

type FolderSettings = Pick<ReconcileSettings, 'name'> & { readonly source: FolderSource };

/** A folder: its commit is the digest of what is in it. Hidden files are left out. */
export function openFolderSource(store: Store, { name, source: { folder } }: FolderSettings): ReconcileSource {
  return {
    problem: () => {
      const listed = listFiles(folder);
      return 'unreachable' in listed ? listed.unreachable : null;
    },
    fetch: () => {
      const listed = listFiles(folder);
      if ('unreachable' in listed) return { kind: 'unreachable', problem: listed.unreachable };
      const commit = sha256(`${folder}\n${listed.files.join('\n')}`);
      const refuse = (problem: string) => ({ kind: 'refused', commit, reason: 'invalid', problem }) as const;
      if (listed.problem !== null) return refuse(listed.problem);
      const read = includeReader(folder);
      const files = new Map<string, Uint8Array>();
      let bytes = 0;
      for (const path of listed.files) {
        const found = read(path);
        if ('problem' in found) return refuse(`${path}: ${found.problem}`);
        files.set(path, found.bytes);
        bytes += found.bytes.length;
        if (bytes > SOURCE_LIMITS.bytes)
          return refuse(`there are more than ${SOURCE_LIMITS.bytes} bytes of files, the most that is read`);
      }
      const digest = sha256(
        [...files].map(([path, one]) => `${sha256Latin1(Buffer.from(one).toString('latin1'))} ${path}\n`).join(''),
      );
      if (treeFolder(store, name, digest) === null) writeTree(store, name, digest, files);
      return { kind: 'revision', commit: digest, tree: digest };
    },
  };
}

type Listing =
  | { readonly files: readonly string[]; readonly problem: string | null }
  | { readonly unreachable: string };

/** The files below a folder, by their sorted paths from it, and what is wrong with one of them. */
function listFiles(folder: string): Listing {
  const files: string[] = [];
  let problem: string | null = null;
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      problem ??= entryProblem(entry, path, files.length);
      if (problem !== null) return;
      if (entry.isDirectory()) walk(path);
      else files.push(path);
    }
  };
  try {
    walk('');
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return { unreachable: `${folder} cannot be read: ${error.message}` };
  }
  return { files: files.toSorted(), problem };
}

function entryProblem(entry: Dirent, path: string, count: number): string | null {
  if (entry.isSymbolicLink()) return `${path} is a symbolic link, which is not followed`;
  if (!entry.isFile() && !entry.isDirectory()) return `${path} is not a plain file`;
  if (count >= SOURCE_LIMITS.files) return `there are more than ${SOURCE_LIMITS.files} files, the most that is read`;
  return isPlainPath(path) ? null : `a path of the folder cannot be used: ${JSON.stringify(path).slice(0, 80)}`;
}
