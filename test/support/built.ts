import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './machine.ts';

/** Builds `dist/` before tests that run the command itself, when it is missing or older than the sources. */
export default function setup(): void {
  if (!isOlder('dist/main.cjs', ['src'])) return;
  execFileSync(process.execPath, [join(repository, 'scripts', 'build.mjs')], { stdio: 'inherit' });
}

/** Whether a built file is missing, or older than a file in the folders that it is made of. */
export function isOlder(built: string, sources: readonly string[]): boolean {
  const path = join(repository, built);
  return !existsSync(path) || statSync(path).mtimeMs < Math.max(...sources.flatMap(timesIn));
}

function timesIn(folder: string): readonly number[] {
  const files = readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' });
  return files.map((name) => statSync(join(repository, folder, name)).mtimeMs);
}
