/** What a shell has to know of a command. */
export type Completable = {
  readonly id: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly args: readonly Sort[];
  /** The last argument may come again. */
  readonly repeats: boolean;
};

export type Flag = {
  readonly name: string;
  readonly char: string | null;
  readonly summary: string;
  /** Null: it has no value. */
  readonly value: Sort | null;
};

/** What stands somewhere: things of this machine, one of these words, or anything. */
export type Sort = 'files' | 'labs' | 'labs-or-files' | 'namespaces' | 'interfaces' | 'anything' | readonly string[];

/** A command as the command line's library describes it. */
export type Described = {
  readonly id: string;
  readonly summary?: string | undefined;
  readonly strict?: boolean | undefined;
  readonly flags: { readonly [name: string]: DescribedFlag };
  readonly args: { readonly [name: string]: { readonly options?: readonly string[] | undefined } };
};

type DescribedFlag = {
  readonly type: string;
  readonly char?: string | undefined;
  readonly summary?: string | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly options?: readonly string[] | undefined;
};

/** `templates`: the words that an argument of that name can be. */
export function completable(command: Described, templates: readonly string[]): Completable {
  const { id, summary = '', strict = true, flags, args } = command;
  return {
    ...{ id, summary, repeats: !strict },
    flags: Object.entries(flags).map(([name, flag]) => ({
      ...{ name, char: flag.char ?? null, summary: flag.summary ?? '' },
      value: flag.type === 'option' ? (flag.options ?? sortOfValue(name, String(flag.helpValue))) : null,
    })),
    args: Object.entries(args).map(([name, arg]) => arg.options ?? (name === 'template' ? templates : sortOf(name))),
  };
}

const SORTS: { readonly [argument: string]: Sort } = {
  file: 'files',
  lab: 'labs-or-files',
  namespace: 'namespaces',
  interface: 'interfaces',
};

const sortOf = (argument: string): Sort => SORTS[argument] ?? 'anything';

function sortOfValue(name: string, helpValue: string): Sort {
  if (name === 'lab') return 'labs';
  return helpValue === 'FILE' ? 'files' : 'anything';
}

/** What a command line begins with: commands, and the first words of those that have two (`import:live`). */
export function firstWords(commands: readonly Completable[]): readonly First[] {
  const words = [...new Set(commands.map(({ id }) => id.split(':')[0] ?? ''))];
  return words.map((word) => {
    const below = commands
      .filter(({ id }) => id.startsWith(`${word}:`))
      .map(({ id, summary }) => ({ word: id.slice(word.length + 1), summary }));
    const own = commands.find(({ id }) => id === word);
    return { word, summary: own?.summary ?? below.map((one) => one.word).join(', '), below };
  });
}

type Word = { readonly word: string; readonly summary: string };
export type First = Word & { readonly below: readonly Word[] };

/** `exec` runs what stands behind `--`. */
export const runsProgram = ({ id }: Completable): boolean => id === 'exec';
