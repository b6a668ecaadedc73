import type { Span } from './locate.ts';

type YamlSyntaxError = { readonly code: string; readonly pos: readonly [number, number]; readonly message: string };

/** What is wrong with a text, where it is when the parser found it out further below, and what to write. */
type YamlExplanation = { readonly message: string; readonly hint: string | null; readonly at?: Span };

/** A YAML parser's error in words for those who do not know the parser. */
export function explainYamlError(text: string, error: YamlSyntaxError): YamlExplanation {
  const { code, pos } = error;
  const line = lineAt(text, pos[0]);
  if (/[{,[][^"']*\$\{/.test(line) && code === 'UNEXPECTED_TOKEN') {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: how the language itself writes it
    return { message: 'a variable inside { } or [ ] must be quoted', hint: 'write "${name}"' };
  }
  const closed = unclosedBracket(text, error) ?? unclosedQuote(text, error);
  if (closed) return closed;
  if (code === 'MULTILINE_IMPLICIT_KEY') {
    const [, key, value] = /^\s*(?:- )?([\w.-]+):(\S.*)$/.exec(line) ?? [];
    if (key !== undefined) return { message: `a space is missing after ${key}:`, hint: `write ${key}: ${value}` };
    const word = line.trim();
    if (!word.includes(':'))
      return { message: `${word} is neither a key nor a value`, hint: `is a colon missing? write ${word}:` };
  }
  const starred = code === 'UNEXPECTED_TOKEN' ? starredValue(text, pos[0]) : null;
  if (starred) return starred;
  if (code === 'UNEXPECTED_TOKEN') {
    const found = text.slice(pos[0], pos[1]).split('\n', 1)[0] ?? '';
    const hint = 'is a quote, a comma, a bracket or a line break missing before it?';
    return { message: `${found === '' ? 'something' : found} stands where nothing more is expected`, hint };
  }
  const deeper = code === 'BLOCK_AS_IMPLICIT_KEY' ? deeperLine(text, pos[0]) : null;
  if (deeper !== null) return deeper;
  const known = ERROR_MESSAGES[code];
  if (known) return known;
  const message = error.message.split('\n')[0] ?? '';
  return { message: `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`, hint: null };
}

/** A key that is indented more than the key above it, which has a value already; null: no such key follows. */
function deeperLine(text: string, offset: number): YamlExplanation | null {
  const above = lineAt(text, offset);
  const start = text.indexOf('\n', offset) + 1;
  const below = lineAt(text, start);
  const [, indent = '', key] = /^( +)([\w.-]+):/.exec(below) ?? [];
  if (start === 0 || key === undefined || indent.length <= (/^ */.exec(above)?.[0].length ?? 0)) return null;
  const at = { start: start + indent.length, end: start + indent.length + key.length };
  return { message: `${key} is indented more than the line above, which has a value`, hint: 'indent both alike', at };
}

/** The word with a `*` in front of what is too much: YAML takes it for a reference to another value. Null: there is none. */
function starredValue(text: string, offset: number): YamlExplanation | null {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const [, word] = /(?:^\s*(?:- )*|[[,:] *)(\*\S+)\s+$/.exec(before) ?? [];
  if (word === undefined) return null;
  const start = offset - before.length + before.lastIndexOf(word);
  const rest = text.slice(offset).split(/[,\]}\n]/, 1)[0] ?? '';
  return {
    message: 'a value that begins with * must be quoted',
    hint: `write "${word} ${rest.trim()}"`,
    at: { start, end: start + word.length },
  };
}

/** The bracket that is still open where the parser gave up; null: another error. */
function unclosedBracket(text: string, { message, pos }: YamlSyntaxError): YamlExplanation | null {
  const [, close] = /end with a ([}\]])/.exec(message) ?? [];
  if (close === undefined) return null;
  const open: { readonly sign: string; readonly start: number }[] = [];
  for (const { 0: sign, index: start } of text
    .slice(0, pos[0])
    .matchAll(/"(?:\\.|[^"\\])*"|'[^']*'|(?<=\s)#.*|[{}[\]]/g)) {
    if (sign === '{' || sign === '[') open.push({ sign, start });
    else if (sign === '}' || sign === ']') open.pop();
  }
  const last = open.at(-1);
  if (!last) return null;
  const at = { start: last.start, end: last.start + 1 };
  return { message: `this ${last.sign} is not closed`, hint: `write the missing ${close}`, at };
}

/** The quote that is still open at the end of the text: the first on a line with an odd number of them. */
function unclosedQuote(text: string, { message }: YamlSyntaxError): YamlExplanation | null {
  const [, quote] = /^Missing closing (["'])/.exec(message) ?? [];
  if (quote === undefined) return null;
  let offset = 0;
  for (const line of text.split('\n')) {
    const plain = line.replaceAll(/\\./g, '  ').replace(/(^|\s)#.*/, '$1');
    const start = offset + plain.lastIndexOf(quote);
    if (plain.split(quote).length % 2 === 0)
      return { message: 'this quote is not closed', hint: `write the missing ${quote}`, at: { start, end: start + 1 } };
    offset += line.length + 1;
  }
  return null;
}

const ERROR_MESSAGES: { readonly [code: string]: { readonly message: string; readonly hint: string | null } } = {
  TAB_AS_INDENT: { message: 'a tab is used for indentation', hint: 'YAML indents with spaces only' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second `key: value` stands inside a value',
    hint: 'quote a value that contains ": ", or begin a new line for the key',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key must stand on one line',
    hint: 'is a colon missing, or the indentation off?',
  },
  BAD_INDENT: { message: 'the indentation does not match the lines above', hint: 'is a bracket not closed?' },
  BAD_SCALAR_START: {
    message: 'a value cannot begin with this character unless it is quoted',
    hint: 'put the value in quotes',
  },
  BLOCK_IN_FLOW: { message: 'a block begins inside { } or [ ]', hint: 'is a bracket above not closed?' },
  MISSING_CHAR: { message: 'a closing quote, a bracket or a colon is missing', hint: 'compare with the lines above' },
};

const lineAt = (text: string, offset: number): string =>
  text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';
