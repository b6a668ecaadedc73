import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { NETNS_FOLDER } from '../../../kernel/netns/netns.ts';

/** Files and folders whose changes are heard of (inotify(7)). */
export type PathWatch = { readonly close: () => void };

/** So many folders of a source at most: what is in others is found by the next look. */
const MOST_FOLDERS = 500;

/** Hears of changes of a file, also when it is replaced. */
export const watchFile = (path: string, changed: () => void): PathWatch =>
  watchFolders([dirname(path)], (name) => {
    if (name === null || name === basename(path)) changed();
  });

/** Hears of changes of the files below a folder; those whose names begin with a dot do not count. */
export const watchTree = (folder: string, changed: () => void): PathWatch =>
  watchFolders(foldersBelow(folder), (name) => {
    if (name === null || !name.startsWith('.')) changed();
  });

/** Hears of namespaces that come and go by their names. */
export const watchNetnsNames = (changed: () => void): PathWatch => watchFolders([NETNS_FOLDER], changed);

/** A folder that is not there is left out: the source is looked at from time to time in any case. */
function watchFolders(folders: readonly string[], changed: (name: string | null) => void): PathWatch {
  const watchers = folders.flatMap((folder): readonly FSWatcher[] => {
    try {
      const one = watch(folder, (_event, name) => changed(name));
      one.on('error', () => one.close());
      return [one];
    } catch {
      return [];
    }
  });
  return {
    close: () => {
      for (const one of watchers) one.close();
    },
  };
}

function foldersBelow(folder: string): readonly string[] {
  const found = [folder];
  for (const one of found) {
    if (found.length >= MOST_FOLDERS) break;
    try {
      for (const entry of readdirSync(one, { withFileTypes: true }))
        if (entry.isDirectory() && !entry.name.startsWith('.')) found.push(join(one, entry.name));
    } catch {
      // It went meanwhile.
    }
  }
  return found.slice(0, MOST_FOLDERS);
}
