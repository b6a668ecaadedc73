/** A block between three backticks: its language, the words behind it, its lines, and where they stand (0-based). */
export type Fence = {
  readonly language: string;
  readonly words: readonly string[];
  readonly body: string;
  /** The line after the opening fence. */
  readonly first: number;
  /** The line of the closing fence. */
  readonly end: number;
};

/** The fenced blocks of a page of Markdown, in order. */
export function fencesOf(page: string): readonly Fence[] {
  const lines = page.split('\n');
  const fences: Fence[] = [];
  for (let at = 0; at < lines.length; at++) {
    const info = /^```(\S.*)$/.exec(lines[at] ?? '')?.[1];
    if (info === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end === -1) throw new Error(`line ${at + 1}: this block is not closed`);
    const [language = '', ...words] = info.split(' ');
    fences.push({ language, words, body: `${lines.slice(at + 1, end).join('\n')}\n`, first: at + 1, end });
    at = end;
  }
  return fences;
}

/** The value of `key=value` behind the language of a fence; null when it is not there. */
export const wordOf = (fence: Fence, key: string): string | null =>
  fence.words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1) ?? null;

/** The commands of a console block: each line after a `$`, with those after a `>` that go on with it. */
export function commandsOf(fence: Fence): readonly string[] {
  const commands: string[] = [];
  for (const line of fence.body.split('\n')) {
    if (line.startsWith('$ ')) commands.push(line.slice(2));
    else if (line.startsWith('> ') && commands.at(-1)?.endsWith('\\'))
      commands.push(`${commands.pop()}\n${line.slice(2)}`);
  }
  return commands;
}

/** A command as it stands in a console block. */
export const typed = (command: string): string => `$ ${command.replaceAll('\n', '\n> ')}`;
