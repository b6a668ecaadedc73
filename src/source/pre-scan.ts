import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import { MAX_DEPTH, MAX_KEYS } from './decode.ts';

/**
 * Watches the lexemes of a YAML text go by and gives a diagnostic at the first that goes too deep, makes too many keys,
 * or is a directive or a tag. The depth is a lower bound, good enough to keep the parser's recursion small.
 */
export function createPreScanner(): (lexeme: string) => Diagnostic | null {
  const indents: number[] = [];
  let [offset, flow, dashes, keys] = [0, 0, 0, 0];
  let previous = '\n';
  return (lexeme) => {
    const start = offset;
    const marker = MARKERS.has(lexeme);
    const scalar = previous === SCALAR_MARKER;
    const lineStart = previous === '\n';
    previous = lexeme;
    if (!marker) offset += lexeme.length;
    if (scalar) {
      // A block scalar's text ends with its last line break.
      if (lexeme.endsWith('\n')) previous = '\n';
      return null;
    }
    if (lineStart && flow === 0 && lexeme !== '\n') {
      const indent = /^ +$/.test(lexeme) ? lexeme.length : 0;
      while ((indents.at(-1) ?? -1) >= indent) indents.pop();
      indents.push(indent);
      dashes = 0;
    }
    const at = { start, end: offset };
    if (lexeme === '{' || lexeme === '[') flow++;
    else if ((lexeme === '}' || lexeme === ']') && flow > 0) flow--;
    else if (lexeme === '-' || lexeme === '?') dashes++;
    else if (lexeme === ':') keys++;
    else if (lexeme.startsWith('%'))
      return makeDiagnostic('yaml-feature', at, 'directives (%) are not used in topologies');
    else if (lexeme.startsWith('!')) return tagProblem(lexeme, at);
    if (indents.length + dashes + flow > MAX_DEPTH + 1) {
      return makeDiagnostic('file-limit', at, `the file is nested more than ${MAX_DEPTH} levels deep`);
    }
    if (keys > MAX_KEYS) return makeDiagnostic('file-limit', at, `the file has more than ${MAX_KEYS} keys`);
    return null;
  };
}

/** The token before the text of a scalar. This one and the others below have no text of their own. */
const SCALAR_MARKER = '\x1f';
const MARKERS: ReadonlySet<string> = new Set([SCALAR_MARKER, '\x02', '\x18']);

function tagProblem(tag: string, at: { readonly start: number; readonly end: number }): Diagnostic {
  const hint = 'leave the tag out; text that looks like a number is quoted';
  return makeDiagnostic('yaml-feature', at, `tags (${tag}) are not used in topologies`, { hint });
}
