import type { Command, Config } from '@oclif/core';
import type { CompletionSource } from '../report/completion/completable-command.ts';

/** The groups of commands in `netform --help`, in the order in which they are listed there. */
export const COMMAND_GROUPS = [
  'Write a topology',
  'Build and remove labs',
  'Inspect labs',
  'Work inside namespaces',
  'Container networks',
  'Import from elsewhere',
  'Confirm, undo, stop managing',
  'Labs that come back',
  'Set up the shell',
] as const;

/** The title of a group of commands in `netform --help`. */
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** The place of a command in `netform --help`: its group, and its position there, counted from 1. */
export type HelpPlace = { readonly group: CommandGroup; readonly position: number };

/**
 * How the values of a command's arguments and flags complete, by the key of each. A flag whose value is a FILE completes
 * files, one with `options` those words: neither is listed. `--` stands for what follows a double dash.
 */
export type CommandCompletions = { readonly [key: string]: CompletionSource };

/** What a command states about itself. */
export type CommandMetadata = Pick<
  typeof Command,
  'summary' | 'description' | 'usage' | 'examples' | 'args' | 'flags' | 'baseFlags'
> & {
  readonly helpPlace: HelpPlace;
  readonly completes: CommandCompletions;
  readonly synonyms: readonly string[];
};

/** A command class: makes a command from the words after its name, and runs it. */
export type CommandClass = CommandMetadata & {
  id: string;
  new (argv: string[], config: Config): { readonly begin: (commands: CommandTable) => Promise<void> };
};

/** What is known of a command without loading it, and the function that loads it. */
export type CommandEntry = {
  readonly summary: string;
  readonly help: HelpPlace;
  readonly synonyms: readonly string[];
  readonly load: () => Promise<CommandClass>;
};

/** All commands by id; `import:live` is written as two words. The table is generated: src/commands/index.ts. */
export type CommandTable = { readonly [id: string]: CommandEntry };
