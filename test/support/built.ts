import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './machine.ts';

/** Builds `dist/` before tests that run the command itself, when it is missing or older than the sources. */
export default function setup(): void {
  const built = join(repository, 'dist', 'main.js');
  if (existsSync(built) && statSync(built).mtimeMs >= newest(join(repository, 'src'))) return;
  execFileSync(process.execPath, [join(repository, 'scripts', 'build.mjs')], { stdio: 'inherit' });
}

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(folder, name)).mtimeMs),
  );
