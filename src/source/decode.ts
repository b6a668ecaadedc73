import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';

export const MAX_BYTES = 1024 * 1024;
export const MAX_DEPTH = 64;
export const MAX_KEYS = 50_000;
/** Values after aliases are followed. */
export const MAX_VALUES = 100_000;

/** Text of UTF-8 bytes (a byte order mark is taken off), with what is wrong with them. Never throws. */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  if (bytes.length > MAX_BYTES) return { text: '', diagnostics: [tooLargeDiagnostic()] };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), diagnostics: [] };
  } catch {
    const text = new TextDecoder('utf-8').decode(bytes);
    const start = text.indexOf('\ufffd');
    const message = 'the file is not UTF-8 text';
    return { text, diagnostics: [makeDiagnostic('file-encoding', { start, end: start + 1 }, message)] };
  }
}

/** Text as it is, or of bytes as `decodeText` reads them. */
export const toText = (input: string | Uint8Array): ReturnType<typeof decodeText> =>
  typeof input === 'string' ? { text: input, diagnostics: [] } : decodeText(input);

/** Checks the size of a text, and that it has no control characters. Gives one diagnostic, or none. */
export function checkTextLimits(text: string): readonly Diagnostic[] {
  if (Buffer.byteLength(text) > MAX_BYTES) return [tooLargeDiagnostic()];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const start = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
  if (start < 0) return [];
  const code = (text.codePointAt(start) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return [
    makeDiagnostic('file-encoding', { start, end: start + 1 }, `the file contains the control character U+${code}`),
  ];
}

const tooLargeDiagnostic = (): Diagnostic =>
  makeDiagnostic('file-limit', null, 'the file is larger than 1 MiB, the most that is read');
