import { bashScript } from './completion/bash.ts';
import { completable, type Described } from './completion/command.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';

/** The script that has a shell complete the command line; `templates`: the names of those that there are. */
export function completionScript(shell: string, commands: readonly Described[], templates: readonly string[]): string {
  const sorted = commands.toSorted((a, b) => a.id.localeCompare(b.id)).map((one) => completable(one, templates));
  if (shell === 'zsh') return zshScript(sorted);
  return shell === 'fish' ? fishScript(sorted) : bashScript(sorted);
}
