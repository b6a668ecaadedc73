/** A command, as the completion script of a shell needs it. */
export type CompletableCommand = {
  readonly id: string;
  readonly summary: string;
  readonly flags: readonly CompletableFlag[];
  readonly args: readonly CompletionSource[];
  /** The last argument may be repeated. */
  readonly repeats: boolean;
  /** The words after `--` are a program and its arguments. */
  readonly runsProgram: boolean;
};

/** A flag, as the completion script of a shell needs it. */
export type CompletableFlag = {
  readonly name: string;
  readonly char: string | null;
  readonly summary: string;
  /** Null: the flag has no value. */
  readonly value: CompletionSource | null;
};

/**
 * How a value completes: with names of this machine, with one of these words, or not at all (`anything`). `topologies` are
 * YAML and JSON files and saved plans: not the pictures and pages beside them.
 */
export type CompletionSource =
  | 'files'
  | 'topologies'
  | 'labs'
  | 'labs-or-topologies'
  | 'namespaces'
  | 'interfaces'
  | 'templates'
  | 'program'
  | 'anything'
  | readonly string[];

/** A command as its class declares it (oclif's statics, and `completes`). */
export type CommandDescription = {
  readonly id: string;
  readonly summary: string;
  readonly completes: { readonly [key: string]: CompletionSource };
  readonly flags: { readonly [name: string]: FlagDescription };
  readonly args: { readonly [name: string]: ArgumentDescription };
};

type ArgumentDescription = {
  readonly options?: readonly string[] | undefined;
  readonly multiple?: boolean | undefined;
};
type FlagDescription = {
  readonly type: string;
  readonly char?: string | undefined;
  readonly summary?: string | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly options?: readonly string[] | undefined;
};

/** A command class as a completable command; `templates`: the names of the templates of `netform init`. */
export function toCompletableCommand(
  { id, summary, completes, flags, args }: CommandDescription,
  templates: readonly string[],
): CompletableCommand {
  const argumentSource = (key: string): CompletionSource | undefined =>
    completes[key] === 'templates' ? templates : completes[key];
  const valueSource = (name: string, { options, helpValue }: FlagDescription): CompletionSource =>
    options ?? argumentSource(name) ?? (helpValue === 'FILE' ? 'files' : 'anything');
  return {
    id,
    summary,
    runsProgram: completes['--'] === 'program',
    repeats: Object.values(args).some(({ multiple }) => multiple === true),
    flags: Object.entries(flags).map(([name, flag]) => ({
      name,
      char: flag.char ?? null,
      summary: flag.summary ?? '',
      value: flag.type === 'option' ? valueSource(name, flag) : null,
    })),
    args: Object.entries(args).map(([name, { options }]) => options ?? argumentSource(name) ?? 'anything'),
  };
}

/** The words that can follow `netform`: commands, and topics (`import` of `import:live`) with the words below each. */
export function topLevelWords(commands: readonly CompletableCommand[]): readonly TopLevelWord[] {
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
/** A command or a topic; `below`: the second words of a topic. */
export type TopLevelWord = CompletionWord & { readonly below: readonly CompletionWord[] };
