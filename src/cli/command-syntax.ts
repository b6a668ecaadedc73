/** How a command is called, for messages and help. `args`: the displayed name of each argument, by its key. */
export type CommandSyntax = {
  /** As it is written: `import live`. */
  readonly id: string;
  readonly usage: readonly string[];
  readonly flags: readonly string[];
  readonly args: { readonly [key: string]: string };
};

type CommandDeclaration = {
  readonly id: string;
  readonly usage?: string | readonly string[] | undefined;
  readonly args: { readonly [key: string]: ArgumentDeclaration };
  readonly flags: object;
  readonly baseFlags: object;
};
type ArgumentDeclaration = {
  readonly name: string;
  readonly required?: boolean | undefined;
  readonly multiple?: boolean | undefined;
};

/** The syntax of a command from its declaration. Before its line is parsed: the parser of oclif renames the arguments. */
export function commandSyntax(command: CommandDeclaration): CommandSyntax {
  const { id, args, flags, baseFlags } = command;
  return {
    id: commandWords(id),
    usage: usageLines(command),
    flags: Object.keys({ ...flags, ...baseFlags }).map((flag) => `--${flag}`),
    args: Object.fromEntries(Object.entries(args).map(([key, arg]) => [key, arg.name])),
  };
}

/** The lines that show how a command is called: its own `usage`, or `netform plan [FILE] [FLAGS]` from its arguments. */
export const usageLines = ({
  id,
  usage,
  args,
}: Pick<CommandDeclaration, 'id' | 'usage' | 'args'>): readonly string[] =>
  usage === undefined
    ? [[`netform ${commandWords(id)}`, ...Object.values(args).map(argumentText), '[FLAGS]'].join(' ')]
    : [usage].flat().map((line) => `netform ${line}`);

function argumentText({ name, required, multiple }: ArgumentDeclaration): string {
  const text = multiple === true ? `${name}...` : name;
  return required === true ? text : `[${text}]`;
}

/** `import live` for the id `import:live`. */
export const commandWords = (id: string): string => id.replaceAll(':', ' ');

/** A text of a command with its own name in it: replaces `<%= config.bin %>` and `<%= command.id %>`. */
export const fillTemplate = (text: string, id: string): string =>
  text.replaceAll('<%= config.bin %>', 'netform').replaceAll('<%= command.id %>', commandWords(id));
