import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../test/support/machine.ts';

/** What each build is made of. */
const BUILDS = [
  { folder: 'dist', options: [], sources: ['src'] },
  { folder: 'dist-faults', options: ['--faults'], sources: ['src', 'campaign', 'test/support'] },
];

/** Builds what is shipped and the build with faults, where the sources are newer. */
export default function build(): void {
  for (const { folder, options, sources } of BUILDS) {
    const built = join(repository, folder, 'watcher.js');
    if (existsSync(built) && statSync(built).mtimeMs >= newest(sources)) continue;
    execFileSync(process.execPath, [join(repository, 'scripts', 'build.mjs'), ...options], { stdio: 'inherit' });
  }
}

const newest = (folders: readonly string[]): number => Math.max(...folders.flatMap(timesIn));

function timesIn(folder: string): readonly number[] {
  const files = readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' });
  return files.map((name) => statSync(join(repository, folder, name)).mtimeMs);
}
