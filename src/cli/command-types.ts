import type { Command, Config } from '@oclif/core';

/** What a command says of itself. */
export type CommandMetadata = Pick<
  typeof Command,
  'summary' | 'description' | 'usage' | 'examples' | 'args' | 'flags' | 'baseFlags' | 'strict'
>;

/** A command that can be made, with the words after its name, and begun. */
export type CommandClass = CommandMetadata & {
  id: string;
  new (argv: string[], config: Config): { readonly begin: (commands: CommandTable) => Promise<void> };
};

/** By id; each is loaded when it is asked for. */
export type CommandTable = { readonly [id: string]: () => Promise<CommandClass> };
