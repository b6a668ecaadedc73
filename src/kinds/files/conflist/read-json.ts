import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import type { Json } from '../../../model/json.ts';
import { decodeText } from '../../../source/decode.ts';
import { readDocument } from '../../../source/document.ts';
import { createLocator } from '../../../source/locate.ts';

/** A JSON text with the positions of its values. `value` undefined: it cannot be read, and the diagnostics say why. */
export type JsonDocument = {
  readonly text: string;
  readonly value: Json | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: ReturnType<typeof createLocator>;
};

/** Reads a file of strict JSON, as programs in Go and JavaScript do; a key that stands twice is an error too. */
export function readJson(bytes: Uint8Array): JsonDocument {
  const { text, diagnostics } = decodeText(bytes);
  const locate = createLocator(text, null);
  if (diagnostics.length > 0) return { text, value: undefined, diagnostics, locate };
  const problem = parseProblem(text);
  if (problem !== null) {
    const start = problemOffset(text);
    const at = { start, end: Math.min(start + 1, text.length) };
    return { text, value: undefined, diagnostics: [makeDiagnostic('yaml-syntax', at, problem)], locate };
  }
  // JSON is YAML: its reader knows where each value stands.
  const document = readDocument(text);
  const value: Json = JSON.parse(text);
  const doubled = document.diagnostics.filter(({ check }) => check === 'duplicate-key');
  return { text, value, diagnostics: doubled, locate: createLocator(text, document.spans) };
}

/** What the parser says of a text, without its own account of where; null: it is JSON. */
function parseProblem(text: string): string | null {
  const message = parseMessage(text);
  if (message === null) return null;
  const said = message.replace(/ in JSON at position \d+.*$/s, '').replace(/, (?:"|\.\.\.).*$/s, '');
  if (text.trim() === '') return 'the file is empty; JSON begins with {';
  if (said.startsWith('Unexpected end')) return 'the JSON ends too early: a bracket or a quote is not closed';
  return said.startsWith('Unexpected') ? 'from here on this is not JSON' : `this is not JSON: ${lowerFirst(said)}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function parseMessage(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The offset of the character that no text can follow up on: the parser does not always tell it. */
function problemOffset(text: string): number {
  let [whole, broken] = [0, text.length + 1];
  while (broken - whole > 1) {
    const middle = (whole + broken) >> 1;
    if (canGoOn(text.slice(0, middle))) whole = middle;
    else broken = middle;
  }
  return whole;
}

/** Whether a text is the beginning of some JSON text: what the parser misses, it misses at the end. */
function canGoOn(text: string): boolean {
  const message = parseMessage(text);
  return message === null || /end of JSON|^Unterminated/.test(message) || message.endsWith(`position ${text.length}`);
}
