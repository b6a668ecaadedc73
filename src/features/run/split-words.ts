/** A part of a line that only a shell would understand, and what it would do there. */
export type ShellPart = {
  readonly text: string;
  /** `stops`: the line means something else without a shell. `stays`: the program gets it as it is written. */
  readonly effect: 'stops' | 'stays';
  readonly what: string;
};

export type SplitLine = {
  readonly words: readonly string[];
  /** What stands outside quotes, in the order of the line. */
  readonly shellParts: readonly ShellPart[];
  /** A quote that has no end. */
  readonly isOpen: boolean;
};

const OPERATOR = /^(?:&&|\|\||\|&?|;;?|&>>?|\d?>>?(?:&\d)?|<<?<?|&|\(|\)|`)/;

/** Splits a line into words as a shell does, with quotes and backslashes, and does nothing else that a shell does. */
export function splitWords(line: string): SplitLine {
  const words: string[] = [];
  const shellParts: ShellPart[] = [];
  let word: string | null = null as string | null;
  let isOpen = false;
  for (let at = 0; at < line.length; ) {
    const rest = line.slice(at);
    const [first = ''] = rest;
    const operator = OPERATOR.exec(rest)?.[0];
    const isOperator: boolean = operator !== undefined && (word === null || !/^\d/.test(operator));
    if (/\s/.test(first)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
    } else if (first === '\\' && rest.length > 1) {
      word = (word ?? '') + (rest[1] === '\n' ? '' : rest[1]);
      at += 2;
    } else if (first === "'" || first === '"') {
      const { text, length, isWhole } = readQuoted(rest, shellParts);
      word = (word ?? '') + text;
      isOpen ||= !isWhole;
      at += length;
    } else {
      const part: string = isOperator ? (operator ?? first) : first;
      const found = isOperator ? operatorPart(part) : expansionPart(rest, word);
      if (found !== null) shellParts.push(found);
      word = (word ?? '') + part;
      at += part.length;
    }
  }
  if (word !== null) words.push(word);
  return { words, shellParts, isOpen };
}

function readQuoted(
  rest: string,
  shellParts: ShellPart[],
): { readonly text: string; readonly length: number; readonly isWhole: boolean } {
  const isSingle = rest[0] === "'";
  const match = (isSingle ? /^'([^']*)('|$)/ : /^"((?:[^"\\]|\\[\s\S])*)("|$)/).exec(rest);
  const inside = match?.[1] ?? '';
  const variable = isSingle ? undefined : VARIABLE.exec(inside)?.[0];
  if (variable !== undefined) shellParts.push(variablePart(variable));
  const text = isSingle ? inside : inside.replace(/\\(["\\$`\n])/g, (_, one: string) => (one === '\n' ? '' : one));
  return { text, length: match?.[0].length ?? 1, isWhole: match?.[2] !== '' };
}

const VARIABLE = /(?<!\\)\$(?:[A-Za-z_]\w*|\{[^}]*\}|\()/;

const operatorPart = (text: string): ShellPart => ({ text, effect: 'stops', what: OPERATORS[text] ?? 'redirects' });

const OPERATORS: { readonly [operator: string]: string } = {
  '|': 'is a pipe',
  '|&': 'is a pipe',
  '&&': 'joins two commands',
  '||': 'joins two commands',
  ';': 'joins two commands',
  ';;': 'joins two commands',
  '&': 'starts a command in the background',
  '(': 'begins a subshell',
  ')': 'ends a subshell',
  '`': 'runs a command',
};

const variablePart = (text: string): ShellPart => ({ text, effect: 'stays', what: 'stands for itself' });

/** `word`: what stands before it in the same word; null: nothing. */
function expansionPart(rest: string, word: string | null): ShellPart | null {
  if (rest.startsWith('#') && word === null)
    return { text: /^#.*/.exec(rest)?.[0] ?? '#', effect: 'stays', what: 'is part of the command' };
  const variable = rest.startsWith('$') ? VARIABLE.exec(rest)?.[0] : undefined;
  if (variable !== undefined) return variablePart(variable);
  if (/^[*?]/.test(rest)) return { text: rest[0] ?? '', effect: 'stays', what: 'stands for itself' };
  if (/^~(?:\/|\s|$)/.test(rest) && word === null) return { text: '~', effect: 'stays', what: 'stands for itself' };
  return null;
}
