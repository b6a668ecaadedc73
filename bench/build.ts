import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../test/support/machine.ts';

/** Builds what is measured, whatever is there. Throws when it does not build. */
export function buildIn(root: string): void {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The clock, without which nothing can be measured, and the lower bound. Throws when there is no C compiler. */
export function compileHelpers(folder: string): void {
  for (const name of ['clock', 'lowerbound']) {
    const options = ['-O2', '-o', join(folder, name), join(repository, 'bench', `${name}.c`), '-ldl'];
    const { status, error } = spawnSync('cc', options, { stdio: ['ignore', 'ignore', 'inherit'] });
    if (error) throw new Error('the bench needs a C compiler: apt-get install gcc libc6-dev');
    if (status !== 0) throw new Error(`bench/${name}.c does not compile`);
  }
}

/** Another commit, built, in a worktree that `remove` takes away. */
export function checkout(commit: string, root: string): { readonly root: string; readonly remove: () => void } {
  const git = (...argv: readonly string[]): void =>
    void execFileSync('git', argv, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] });
  git('worktree', 'add', '--detach', root, commit);
  const remove = (): void => git('worktree', 'remove', '--force', root);
  try {
    if (!existsSync(join(root, 'node_modules')))
      symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    buildIn(root);
    return { root, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
