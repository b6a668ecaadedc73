import { bashScript } from './bash.ts';
import { type OclifCommandInfo, toCompletableCommand } from './completable-command.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

/** The script that has a shell complete the command line; `templates`: the names of those that there are. */
export function completionScript(
  shell: string,
  commands: readonly OclifCommandInfo[],
  templates: readonly string[],
): string {
  const sorted = commands
    .toSorted((a, b) => a.id.localeCompare(b.id))
    .map((one) => toCompletableCommand(one, templates));
  if (shell === 'zsh') return zshScript(sorted);
  return shell === 'fish' ? fishScript(sorted) : bashScript(sorted);
}
