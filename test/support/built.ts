import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './machine.ts';

/** A folder that scripts/build.mjs makes with these options, and the folders that it is made of. */
export type Build = {
  readonly folder: string;
  readonly options: readonly string[];
  readonly sources: readonly string[];
};

export const DIST: Build = { folder: 'dist', options: [], sources: ['src'] };

/** Builds `dist/` before tests that run the command itself, when it is missing or older than the sources. */
export default function setup(): void {
  buildWhereOlder(DIST);
}

export function buildWhereOlder({ folder, options, sources }: Build): void {
  // Both builds have it.
  const built = join(repository, folder, 'rollback-timer.js');
  if (existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources.flatMap(timesIn))) return;
  execFileSync(process.execPath, [join(repository, 'scripts', 'build.mjs'), ...options], { stdio: 'inherit' });
}

function timesIn(folder: string): readonly number[] {
  const files = readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' });
  return files.map((name) => statSync(join(repository, folder, name)).mtimeMs);
}
