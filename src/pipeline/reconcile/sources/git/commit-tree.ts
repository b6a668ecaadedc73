import type { TreeFiles } from '../../../../store/reconcile-store.ts';
import { isPlainPath, SOURCE_LIMITS } from '../source.ts';
import { gitProblem, runGit } from './run-git.ts';

/** The id of a folder with nothing in it: git keeps none, so that one in which the last file was deleted is not there. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** A commit as a repository has it: the folder in it that is asked for, by its id and what it is. Null: there is no such commit. */
export type FoundCommit = { readonly folder: { readonly id: string; readonly kind: string } | null };

/** Looks for a commit, and for a folder in it (empty: all of it), with one process. */
export function findCommit(mirror: string, commit: string, path: string): FoundCommit | null {
  const named = path === '' ? `${commit}^{tree}` : `${commit}:${path}`;
  const { exitCode, stdout } = runGit(mirror, {
    args: ['cat-file', '--batch-check'],
    input: `${commit}^{commit}\n${named}\n`,
  });
  const [whole, folder] = stdout.split('\n').map((line) => FOUND.exec(line));
  if (exitCode !== 0 || !whole) return null;
  const [, id = '', kind = ''] = folder ?? [];
  return { folder: id === '' ? null : { id, kind } };
}

/** git-cat-file(1), `--batch-check`: `ID KIND SIZE`, or other words where there is no such object. */
const FOUND = /^([0-9a-f]{40,64}) (commit|tree|blob|tag) \d+$/;

/** The files of a commit below a folder: the id of that folder, and their bytes by their paths from it. */
export type CommitTree = { readonly tree: string; readonly files: () => TreeFiles | { readonly problem: string } };

/**
 * Looks at the files of a commit without writing any. What is not a plain file is a problem: a symbolic link or a submodule
 * leads to what is not in the commit.
 */
export function readCommitTree(
  mirror: string,
  { folder }: FoundCommit,
  path: string,
): CommitTree | { readonly problem: string } {
  if (folder === null) return { tree: EMPTY_TREE, files: () => new Map() };
  if (folder.kind !== 'tree') return { problem: `${path} is not a folder` };
  return { tree: folder.id, files: () => readFiles(mirror, folder.id) };
}

function readFiles(mirror: string, tree: string): TreeFiles | { readonly problem: string } {
  const listed = runGit(mirror, {
    args: ['ls-tree', '-r', '-z', '--full-tree', '--long', tree],
    maxOutputBytes: LISTING_BYTES,
  });
  if (listed.exitCode !== 0) return { problem: gitProblem(listed) };
  const entries = listed.stdout.split('\0').filter(Boolean).map(toEntry);
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  const [wrong] = entries.flatMap(({ mode, path }) => entryProblem(mode, path) ?? []);
  if (wrong !== undefined) return { problem: wrong };
  if (entries.length > SOURCE_LIMITS.files || bytes > SOURCE_LIMITS.bytes)
    return {
      problem: `there are ${entries.length} files of ${bytes} bytes; the most are ${SOURCE_LIMITS.files} of ${SOURCE_LIMITS.bytes}`,
    };
  return readBlobs(mirror, entries, bytes);
}

const LISTING_BYTES = 4 * 1024 * 1024;

type TreeEntry = { readonly mode: string; readonly blob: string; readonly size: number; readonly path: string };

/** `100644 blob ID SIZE<tab>PATH`. */
function toEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', , blob = '', size = ''] = line.slice(0, tab).split(/ +/);
  return { mode, blob, size: Number(size) || 0, path: line.slice(tab + 1) };
}

function entryProblem(mode: string, path: string): string | null {
  if (mode === '120000') return `${path} is a symbolic link, which is not followed`;
  if (mode === '160000') return `${path} is a submodule, which is not fetched`;
  return isPlainPath(path) ? null : `a path of the commit cannot be used: ${JSON.stringify(path).slice(0, 80)}`;
}

/** git-cat-file(1), `--batch`: `ID blob SIZE<newline>BYTES<newline>`, the bytes as they are stored. */
function readBlobs(
  mirror: string,
  entries: readonly TreeEntry[],
  bytes: number,
): TreeFiles | { readonly problem: string } {
  const { exitCode, stdout, ...failed } = runGit(mirror, {
    args: ['cat-file', '--batch'],
    input: entries.map(({ blob }) => `${blob}\n`).join(''),
    maxOutputBytes: bytes + entries.length * HEADER_BYTES,
    encoding: 'latin1',
  });
  const files = new Map<string, Uint8Array>();
  let at = 0;
  for (const { blob, path } of entries) {
    const line = stdout.slice(at, stdout.indexOf('\n', at));
    const size = Number(/^[0-9a-f]+ blob (\d+)$/.exec(line)?.[1] ?? Number.NaN);
    const from = at + line.length + 1;
    if (exitCode !== 0 || !line.startsWith(blob) || Number.isNaN(size) || from + size > stdout.length)
      return { problem: gitProblem({ exitCode, stdout, ...failed }) };
    files.set(path, Buffer.from(stdout.slice(from, from + size), 'latin1'));
    at = from + size + 1;
  }
  return files;
}

const HEADER_BYTES = 128;
