/** A command as its words, and as it is written: `text` with single spaces, `source` to the letter. */
export type ShellCommand = {
  readonly words: readonly string[];
  readonly text: string;
  readonly source: string;
  /** A `&` ends it. */
  readonly isBackground: boolean;
  /** The shell that it is given to where it needs one. */
  readonly shell: string;
};

type Reader = { word: string | null; words: string[]; start: number };
type PlacedCommand = ShellCommand & { readonly start: number; readonly end: number };

const SEPARATOR = /^(?:&&|\|\||;|\n|&(?!>))/;
const REDIRECTION = /^(?:\d?>&\d|&>+|\d?>>?(?!&))/;

/**
 * The commands of a line, or of several, as a shell splits them: words with quotes and backslashes, ended by `;`, `&&`, `||`,
 * `&` and new lines. What is only the shell's (pipes, loops) stays among the words; a loop without an end is one command.
 */
export function shellCommands(text: string, shell = 'sh'): readonly ShellCommand[] {
  const commands: PlacedCommand[] = [];
  const reader: Reader = { word: null, words: [], start: 0 };
  const end = (at: number, by = ''): void => {
    endWord(reader);
    const { words, start } = reader;
    const place = { start, end: at, shell, isBackground: by === '&' };
    if (words.length > 0) commands.push({ words, ...writtenAs(text, place), ...place });
    reader.words = [];
  };
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const separator = SEPARATOR.exec(rest)?.[0];
    const redirection = REDIRECTION.exec(rest)?.[0];
    if (separator !== undefined) {
      end(at, separator);
      at += separator.length;
      reader.start = at;
    } else if (redirection !== undefined && (reader.word === null || redirection.startsWith('&'))) {
      endWord(reader);
      reader.words.push(redirection);
      at += redirection.length;
    } else if (reader.word === null && rest.startsWith('#')) {
      at += rest.search(/\n|$/);
    } else at += readPart(reader, rest);
  }
  end(text.length);
  return withLoops(commands, text);
}

function writtenAs(text: string, { start, end }: Pick<PlacedCommand, 'start' | 'end'>) {
  const source = text.slice(start, end).trim();
  return { source, text: source.replace(/\s+/g, ' ') };
}

const LOOP = /^(?:while|until|for|select)$/;
const ENDLESS = /^(?:while (?:true|:|sleep [\d.]+[smhd]?|\[ (?:1|true) \])|until false)$/;
const LEFT = /^(?:break|exit|return|exec|kill)$/;

/** Joins the parts of each loop that nothing ends. The parts of another stay apart. */
function withLoops(commands: readonly PlacedCommand[], text: string): readonly ShellCommand[] {
  const all: ShellCommand[] = [];
  for (let i = 0; i < commands.length; i++) {
    const one = commands[i];
    if (!one) continue;
    const last = ENDLESS.test(one.words.join(' ')) ? endOfLoop(commands, i) : i;
    const end = commands[last];
    const isLeft = commands.slice(i, last).some(({ words }) => words.some((word) => LEFT.test(word)));
    if (last <= i || isLeft || !end) all.push(one);
    else {
      const place = { start: one.start, end: end.end, shell: one.shell, isBackground: end.isBackground };
      all.push({ words: one.words, ...writtenAs(text, place), ...place });
      i = last;
    }
  }
  return all;
}

/** The place of the `done` of the loop at `from`; `from` itself when there is none. */
function endOfLoop(commands: readonly ShellCommand[], from: number): number {
  let depth = 0;
  for (let i = from; i < commands.length; i++) {
    const [first = '', ...rest] = commands[i]?.words ?? [];
    const verb = /^(?:do|then|else)$/.test(first) ? (rest[0] ?? '') : first;
    if (LOOP.test(verb)) depth += 1;
    if (verb === 'done' && --depth === 0) return i;
  }
  return from;
}

/** Whether a command is a loop without an end. */
export const isEndlessLoop = ({ words, source }: ShellCommand): boolean =>
  ENDLESS.test(words.join(' ')) && /\bdone\b/.test(source);

function endWord(reader: Reader): void {
  if (reader.word !== null) reader.words.push(reader.word);
  reader.word = null;
}

/** Reads one character, or one quoted part, into the word; how long it was. */
function readPart(reader: Reader, rest: string): number {
  const [first = ''] = rest;
  if (/\s/.test(first)) {
    endWord(reader);
    return 1;
  }
  if (first === '\\') {
    if (rest[1] !== '\n') reader.word = (reader.word ?? '') + (rest[1] ?? '');
    return 2;
  }
  if (first === "'" || first === '"') {
    const quoted = (first === "'" ? /^'([^']*)(?:'|$)/ : /^"((?:[^"\\]|\\[\s\S])*)(?:"|$)/).exec(rest);
    const inside = quoted?.[1] ?? '';
    reader.word = (reader.word ?? '') + (first === "'" ? inside : inside.replace(/\\(["\\$`\n])/g, '$1'));
    return quoted?.[0].length ?? 1;
  }
  reader.word = (reader.word ?? '') + first;
  return 1;
}

/** Where the program is among words: behind those that only say how it is started. */
export function startOfProgram(words: readonly string[]): number {
  const at = words.findIndex((word) => !/^(?:sudo|nohup|setsid|exec)$/.test(word));
  return at < 0 ? words.length : at;
}
