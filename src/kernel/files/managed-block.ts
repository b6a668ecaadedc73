import { linkSync, lstatSync, renameSync, type Stats, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { insertManagedBlock, removeManagedBlock } from '../../model/files/managed-block.ts';
import { callError, catchErrno } from '../errno.ts';
import { hasXattrs } from './file-system.ts';
import { linkedNamesBelow } from './linked-names.ts';
import {
  linkedFileReader,
  NEW_FILE_MODE,
  replaceFile,
  resolveTrustedPath,
  syncManyNames,
  temporaryName,
  unlinkName,
  writeTemporaryFile,
} from './system-files.ts';

/** Writes the blocks of one batch. `finish` makes the changes of folders durable, and is called once at the end. */
export type BlockWriter = {
  /** Puts a lab's block of lines into a file, which is made when it is not there. Throws E_DRIFT when the present one is broken. */
  readonly write: (path: string, mark: string, lines: readonly string[]) => void;
  /** Takes a lab's block out, and the file when nothing else was ever in it. Throws ENOENT when there is none, E_DRIFT when it is broken. */
  readonly remove: (path: string, mark: string) => void;
  readonly finish: () => void;
};

/** The folder in which `ip netns exec` finds the files of namespaces. */
const NETNS_FOLDER = '/etc/netns';

/**
 * A writer that gives namespaces with equal files one file with several names (hard links): a lab of a thousand namespaces
 * has one hosts file. Files that are one file stay one while all their names are below /etc/netns; any other file with
 * several names is written in place, as whoever linked it expects.
 */
export function openBlockWriter(): BlockWriter {
  const read = linkedFileReader();
  const namesOf = linkedNamesBelow(NETNS_FOLDER);
  const remember = blockTexts();
  const sources = new Map<string, Map<string, SourceFile>>();
  const folders = new Set<string>();

  const find = (path: string): FoundFile => {
    const real = resolveTrustedPath(path);
    const stats = catchErrno(['ENOENT'], () => lstatSync(real));
    return { path, real, stats, text: read(real) };
  };
  /** Whose content a file has: files of one group and one content can be one file. Null: it stays a file of its own. */
  const groupOf = ({ real, stats }: FoundFile, isOwn: boolean): string | null => {
    if (!real.startsWith(`${NETNS_FOLDER}/`)) return null;
    if (stats === null) return `own ${NEW_FILE_MODE}:0:0`;
    if (!stats.isFile() || (hasXattrs(real) && !(isOwn && stats.nlink > 1))) return null;
    if (isOwn) return `own ${stats.mode & 0o7777}:${stats.uid}:${stats.gid}`;
    return stats.nlink > 1 && namesOf(stats) === stats.nlink ? `inode ${stats.dev}:${stats.ino}` : null;
  };
  const put = (file: FoundFile, text: string, isOwn: boolean): void => {
    if (text === file.text) return;
    const group = groupOf(file, isOwn);
    if (group === null) {
      replaceFile(file.path, Buffer.from(text, 'latin1'));
      return;
    }
    const written = sources.get(group) ?? new Map<string, SourceFile>();
    sources.set(group, written);
    const source = written.get(text);
    if (source === undefined || !linkFile(source, file))
      written.set(text, writeFile(file, Buffer.from(text, 'latin1')));
    folders.add(dirname(file.real));
  };
  return {
    write: (path, mark, lines) => {
      const file = find(path);
      const isOwn = file.text === null || remember.without(file.text, mark) === null;
      put(file, remember.with(file.text, mark, lines), isOwn);
    },
    remove: (path, mark) => {
      const file = find(path);
      const rest = file.text === null ? null : remember.without(file.text, mark);
      if (file.text === null || rest === file.text) throw callError('file.unblock', 'ENOENT');
      if (rest === null) folders.add(unlinkName(path));
      else put(file, rest, false);
    },
    finish: () => syncManyNames([...folders]),
  };
}

type FoundFile = {
  readonly path: string;
  readonly real: string;
  readonly stats: Stats | null;
  readonly text: string | null;
};
/** A file of this batch, by which its text can be linked. */
type SourceFile = { readonly real: string; readonly inode: string };

const inodeOf = ({ dev, ino }: Stats): string => `${dev}:${ino}`;

/** Gives a file the content of another one by a hard link; false where the file system cannot, or the source is another file now. */
function linkFile(source: SourceFile, { real, stats }: FoundFile): boolean {
  const now = catchErrno(['ENOENT'], () => lstatSync(source.real));
  if (now === null || inodeOf(now) !== source.inode) return false;
  // rename(2) does nothing when both names are one file already.
  if (stats !== null && inodeOf(stats) === source.inode) return true;
  const name = stats === null ? real : temporaryName(real);
  const isLinked = catchErrno(['EXDEV', 'EMLINK', 'EPERM', 'EOPNOTSUPP'], () => {
    linkSync(source.real, name);
    return true;
  });
  if (isLinked === null) return false;
  if (stats !== null) useTemporary(name, real);
  return true;
}

/** Writes a file of its own, with the mode and owner of the one that it replaces. */
function writeFile({ real, stats }: FoundFile, content: Buffer): SourceFile {
  writeTemporaryFile(real, { content, like: stats }, (fresh) => {
    if (stats !== null) return useTemporary(fresh, real);
    linkSync(fresh, real);
    unlinkSync(fresh);
  });
  return { real, inode: inodeOf(lstatSync(real)) };
}

function useTemporary(name: string, real: string): void {
  try {
    renameSync(name, real);
  } catch (error) {
    catchErrno(['ENOENT'], () => unlinkSync(name));
    throw error;
  }
}

/** The texts with and without a block, remembered: those of many namespaces are one text. */
function blockTexts(): {
  readonly with: (text: string | null, mark: string, lines: readonly string[]) => string;
  readonly without: (text: string, mark: string) => string | null;
} {
  const inserted = new Map<readonly string[], { text: string | null; mark: string; result: string }>();
  const removed = new Map<string, { mark: string; result: string | null }>();
  return {
    with: (text, mark, lines) => {
      const last = inserted.get(lines);
      if (last && last.text === text && last.mark === mark) return last.result;
      const result = insertManagedBlock(text, mark, lines);
      inserted.set(lines, { text, mark, result });
      return result;
    },
    without: (text, mark) => {
      const last = removed.get(text);
      if (last && last.mark === mark) return last.result;
      const result = removeManagedBlock(text, mark);
      removed.set(text, { mark, result });
      return result;
    },
  };
}
