import { EXIT } from '../model/error.ts';
import { closest } from '../net/suggest.ts';
import { troubleText } from './error.ts';

/** oclif's `command_not_found` hook: names the command that was probably meant. Exit 2. */
export async function unknownCommand(options: Unknown): Promise<boolean> {
  const name = options.id.split(':')[0] ?? '';
  const meant = closest(name, options.config.commandIDs);
  process.exitCode = EXIT.usage;
  process.stderr.write(
    troubleText({
      code: 'E_USAGE',
      exitCode: EXIT.usage,
      message: `there is no command ${name}`,
      hint: meant === null ? 'netform --help shows the commands' : `did you mean ${meant}?`,
      details: [],
    }),
  );
  return true;
}

type Unknown = { readonly id: string; readonly config: { readonly commandIDs: readonly string[] } };
