import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../test/support/machine.ts';

/** Builds what is shipped and the build with faults, where the sources are newer. */
export default function build(): void {
  for (const [folder, options] of [
    ['dist', []],
    ['dist-faults', ['--faults']],
  ] as const) {
    const built = join(repository, folder, 'watcher.js');
    if (existsSync(built) && statSync(built).mtimeMs >= newest()) continue;
    execFileSync(process.execPath, [join(repository, 'scripts', 'build.mjs'), ...options], { stdio: 'inherit' });
  }
}

const newest = (): number => {
  const src = join(repository, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((name) => statSync(join(src, name)).mtimeMs));
};
