/** A command as its words, and its text as it is written. */
export type ShellCommand = { readonly words: readonly string[]; readonly text: string };

type Reader = { word: string | null; words: string[]; start: number };

const SEPARATOR = /^(?:&&|\|\||;|\n|&(?!>))/;
const REDIRECTION = /^(?:\d?>&\d|&>+|\d?>>?(?!&))/;

/**
 * The commands of a line, or of several, as a shell splits them: words with quotes and backslashes, ended by `;`, `&&`, `||`,
 * `&` and new lines. What is only the shell's (pipes, loops) stays among the words.
 */
export function shellCommands(text: string): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  const reader: Reader = { word: null, words: [], start: 0 };
  const end = (at: number): void => {
    endWord(reader);
    const { words, start } = reader;
    if (words.length > 0) commands.push({ words, text: text.slice(start, at).trim().replace(/\s+/g, ' ') });
    reader.words = [];
  };
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const separator = SEPARATOR.exec(rest)?.[0];
    const redirection = REDIRECTION.exec(rest)?.[0];
    if (separator !== undefined) {
      end(at);
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
  return commands;
}

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
