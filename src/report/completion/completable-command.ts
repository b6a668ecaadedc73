/** What a shell has to know of a command. */
export type CompletableCommand = {
  readonly id: string;
  readonly summary: string;
  readonly flags: readonly CompletableFlag[];
  readonly args: readonly CompletionSource[];
  /** The last argument may come again. */
  readonly repeats: boolean;
};

export type CompletableFlag = {
  readonly name: string;
  readonly char: string | null;
  readonly summary: string;
  /** Null: it has no value. */
  readonly value: CompletionSource | null;
};

/** What stands somewhere: things of this machine, one of these words, or anything. */
export type CompletionSource =
  | 'files'
  | 'labs'
  | 'labs-or-files'
  | 'namespaces'
  | 'interfaces'
  | 'anything'
  | readonly string[];

/** A command as the command line's library describes it. */
export type OclifCommandInfo = {
  readonly id: string;
  readonly summary?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly flags: { readonly [name: string]: OclifFlagInfo };
  readonly args: { readonly [name: string]: { readonly options?: readonly string[] | undefined } };
};

type OclifFlagInfo = {
  readonly type: string;
  readonly char?: string | undefined;
  readonly summary?: string | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly options?: readonly string[] | undefined;
};

/** `templates`: the words that an argument of that name can be. */
export function toCompletableCommand(command: OclifCommandInfo, templates: readonly string[]): CompletableCommand {
  const { id, summary = '', strict = true, flags, args } = command;
  return {
    ...{ id, summary, repeats: !strict },
    flags: Object.entries(flags).map(([name, flag]) => ({
      ...{ name, char: flag.char ?? null, summary: flag.summary ?? '' },
      value: flag.type === 'option' ? (flag.options ?? flagValueSource(name, String(flag.helpValue))) : null,
    })),
    args: Object.entries(args).map(
      ([name, arg]) => arg.options ?? (name === 'template' ? templates : argumentSource(name)),
    ),
  };
}

const SOURCES: { readonly [argument: string]: CompletionSource } = {
  file: 'files',
  lab: 'labs-or-files',
  namespace: 'namespaces',
  interface: 'interfaces',
};

const argumentSource = (argument: string): CompletionSource => SOURCES[argument] ?? 'anything';

function flagValueSource(name: string, helpValue: string): CompletionSource {
  if (name === 'lab') return 'labs';
  return helpValue === 'FILE' ? 'files' : 'anything';
}

/** What a command line begins with: commands, and the first words of those that have two (`import:live`). */
export function firstWords(commands: readonly CompletableCommand[]): readonly FirstWord[] {
  const words = [...new Set(commands.map(({ id }) => id.split(':')[0] ?? ''))];
  return words.map((word) => {
    const below = commands
      .filter(({ id }) => id.startsWith(`${word}:`))
      .map(({ id, summary }) => ({ word: id.slice(word.length + 1), summary }));
    const own = commands.find(({ id }) => id === word);
    return { word, summary: own?.summary ?? below.map((one) => one.word).join(', '), below };
  });
}

type CompletionWord = { readonly word: string; readonly summary: string };
export type FirstWord = CompletionWord & { readonly below: readonly CompletionWord[] };

/** `exec` runs what stands behind `--`. */
export const runsProgram = ({ id }: CompletableCommand): boolean => id === 'exec';
