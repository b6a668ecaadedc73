type YamlSyntaxError = { readonly code: string; readonly pos: readonly [number, number]; readonly message: string };

/** A YAML parser's error in words for those who do not know the parser. */
export function explainYamlError(
  text: string,
  error: YamlSyntaxError,
): { readonly message: string; readonly hint: string | null } {
  const line = lineAt(text, error.pos[0]);
  if (/[{,[][^"']*\$\{/.test(line) && error.code === 'UNEXPECTED_TOKEN') {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: how the language itself writes it
    return { message: 'a variable inside { } or [ ] must be quoted', hint: 'write "${name}"' };
  }
  if (error.code === 'UNEXPECTED_TOKEN') {
    const found = text.slice(error.pos[0], error.pos[1]).split('\n', 1)[0] ?? '';
    const hint = 'is a quote, a comma, a bracket or a line break missing before it?';
    return { message: `${found === '' ? 'something' : found} stands where nothing more is expected`, hint };
  }
  const known = ERROR_MESSAGES[error.code];
  if (known) return known;
  const message = error.message.split('\n')[0] ?? '';
  return { message: `not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`, hint: null };
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
