import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { catchErrno } from '../errno.ts';

/**
 * How many names a file has in the folders directly below a folder. The folders are read once, at the first question; each
 * question is asked before one of the names is given to another file, and counts that.
 */
export function linkedNamesBelow(folder: string): (stats: Stats) => number {
  let counts: Map<string, number> | null = null;
  return ({ dev, ino }) => {
    counts ??= countNames(folder);
    const key = `${dev}:${ino}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count - 1);
    return count;
  };
}

function countNames(folder: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const below of listFolder(folder))
    for (const name of listFolder(join(folder, below))) {
      const stats = catchErrno(['ENOENT', 'ENOTDIR'], () => lstatSync(join(folder, below, name)));
      if (stats?.isFile()) counts.set(`${stats.dev}:${stats.ino}`, (counts.get(`${stats.dev}:${stats.ino}`) ?? 0) + 1);
    }
  return counts;
}

const listFolder = (path: string): readonly string[] =>
  catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(path)) ?? [];
