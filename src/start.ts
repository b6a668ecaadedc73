import { execute } from '@oclif/core/execute';

/** Runs the command that the command line names. `folder` holds the built commands, `pjson` is package.json. */
export async function start(folder: string, pjson: Package): Promise<void> {
  // To oclif this folder is the root of the package: commands, hooks and the manifest of the commands are in it.
  const oclif = {
    ...pjson.oclif,
    commands: { ...pjson.oclif.commands, target: './commands' },
    hooks: { command_not_found: './report/unknown-command.js' },
    helpClass: './help.js',
  };
  const [first, ...rest] = process.argv.slice(2);
  const args = first === 'help' ? [...rest, '--help'] : process.argv.slice(2);
  await execute({ args, loadOptions: { root: folder, pjson: { ...pjson, oclif }, ...NO_PLUGINS } });
}

// What a user's home folder holds is no part of a program that root runs.
const NO_PLUGINS = { userPlugins: false, devPlugins: false };

type Package = {
  readonly name: string;
  readonly version: string;
  readonly oclif: { readonly commands: { readonly strategy: 'pattern'; readonly target: string } };
};
