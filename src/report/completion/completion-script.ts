import { bashScript } from './bash.ts';
import { type CommandDescription, toCompletableCommand } from './completable-command.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

/** The completion script of a shell: `bash`, `zsh` or `fish`. `templates`: the names of the templates of `netform init`. */
export function completionScript(
  shell: string,
  commands: readonly CommandDescription[],
  templates: readonly string[],
): string {
  const sorted = commands
    .toSorted((a, b) => a.id.localeCompare(b.id))
    .map((one) => toCompletableCommand(one, templates));
  if (shell === 'zsh') return zshScript(sorted);
  return shell === 'fish' ? fishScript(sorted) : bashScript(sorted);
}
