/**
 * A text of the machine or of a file, with every character that would steer or confuse its reader written out (`\x1b`,
 * `\u202e`): control characters, marks of direction and width, line separators, lone surrogates, noncharacters.
 */
export const escapeControl = (text: string): string => text.replace(UNSAFE, escapeSequence);

// Ranges, because a property such as \p{Cc} loads tables of Unicode.
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]/gu;

function escapeSequence(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
