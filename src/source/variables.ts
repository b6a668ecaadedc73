import type { CheckDoc } from '../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path, type SourceLocation } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { closestMatch } from '../net/closest-match.ts';
import { isName } from '../net/name.ts';
import { findSpan, type Span, type SpanTree } from './locate.ts';

/** A value with the text that stands for it inside a longer one. */
export type Variable = { readonly value: string | number | boolean; readonly text: string };
export type Variables = ReadonlyMap<string, Variable>;

export type InterpolationResult = {
  readonly value: Json;
  /** The text with the variables filled in: read again, it gives the same value. */
  readonly rendered: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly used: ReadonlySet<string>;
  /** Values that could not be filled in: nothing more is to be said about them. */
  readonly failed: readonly Path[];
};

/** A value from the command line: whole numbers, `true` and `false` are what they look like; all else is text. */
export function parseVariable(written: string): Variable {
  if (/^(?:0|-?[1-9][0-9]{0,14})$/.test(written)) return { value: Number(written), text: written };
  if (written === 'true' || written === 'false') return { value: written === 'true', text: written };
  return { value: written, text: written };
}

/** The variables of a map in a file. One value may use those above it, and those given from outside, which win. */
export function declareVariables(
  source: InterpolationSource,
  given: Variables,
): { variables: Variables; diagnostics: Diagnostic[] } {
  const variables = new Map(given);
  const diagnostics: Diagnostic[] = [];
  const map = isJsonObject(source.value) ? source.value : {};
  const room = { left: MAX_INTERPOLATED_CHARACTERS };
  for (const [name, value] of Object.entries(map)) {
    const path = [...source.path, name];
    if (!isName(name))
      diagnostics.push(makeDiagnostic('bad-name', atKey(path), `${JSON.stringify(name)} is not a name`));
    if (given.has(name)) continue;
    const filling = createInterpolation(source, variables, room);
    const filled = interpolateValue(filling, value, path);
    diagnostics.push(...filling.diagnostics);
    const single = typeof filled === 'number' || typeof filled === 'boolean' ? filled : null;
    const { start, end } = findSpan(source.text, source.spans, { path, on: 'value' });
    // A list, a map or nothing is refused by the schema: it counts as known here.
    const text = single === null ? (typeof filled === 'string' ? filled : '') : source.text.slice(start, end);
    variables.set(name, { value: single ?? text, text });
  }
  return { variables, diagnostics };
}

/** A part of a file: its text, its value, and where that stands. `path` leads to the value from the root. */
export type InterpolationSource = {
  readonly text: string;
  readonly value: Json | undefined;
  readonly spans: SpanTree | null;
  readonly path: Path;
};

/** Puts variables where `${name}` stands in a text value, `$${` is a plain `${`. */
export function interpolateVariables(source: InterpolationSource, variables: Variables): InterpolationResult {
  const filling = createInterpolation(source, variables, { left: MAX_INTERPOLATED_CHARACTERS });
  // What is wrong under `vars` has been said when it was read.
  const quiet = { ...filling, diagnostics: [] };
  const value = isJsonObject(source.value)
    ? Object.fromEntries(
        Object.entries(source.value).map(([key, part]) => [
          key,
          interpolateValue(key === 'vars' ? quiet : filling, part, [key]),
        ]),
      )
    : (source.value ?? null);
  return {
    value,
    rendered: applyEdits(source.text, filling.edits),
    diagnostics: filling.diagnostics,
    used: filling.used,
    failed: filling.failed,
  };
}

type InterpolationRun = {
  readonly source: InterpolationSource;
  readonly variables: Variables;
  readonly diagnostics: Diagnostic[];
  readonly used: Set<string>;
  readonly failed: Path[];
  readonly edits: Map<number, Span & { readonly value: Json }>;
  readonly room: InterpolationBudget;
};

/** How many characters variables may still stand for. */
type InterpolationBudget = { left: number };

/** As many as a file may have: variables that stand for each other cannot make more of it. */
const MAX_INTERPOLATED_CHARACTERS = 1024 * 1024;

const createInterpolation = (
  source: InterpolationSource,
  variables: Variables,
  room: InterpolationBudget,
): InterpolationRun => ({
  room,
  source,
  variables,
  diagnostics: [],
  used: new Set(),
  failed: [],
  edits: new Map(),
});

function interpolateValue(filling: InterpolationRun, value: Json, path: Path): Json {
  if (typeof value === 'string') return value.includes('${') ? interpolateText(filling, value, path) : value;
  // Most values have nothing to be filled in, so their paths are not made.
  const part = (inner: Json, key: string | number): Json =>
    isPlain(inner) ? inner : interpolateValue(filling, inner, [...path, key]);
  if (Array.isArray(value)) return value.map(part);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, part(inner, key)]));
}

const isPlain = (value: Json): boolean =>
  typeof value === 'string' ? !value.includes('${') : typeof value !== 'object' || value === null;

const REFERENCE = /(\$\$\{)|\$\{([^{}]*)\}|\$\{/g;

function interpolateText(filling: InterpolationRun, written: string, path: Path): Json {
  const only = /^\$\{([^{}]*)\}$/.exec(written)?.[1];
  const alone = only === undefined ? undefined : filling.variables.get(only);
  let touched = false;
  const text = written.replace(REFERENCE, (whole: string, escaped: string | undefined, name: string | undefined) => {
    if (escaped) return '${';
    const variable = name === undefined ? undefined : filling.variables.get(name);
    touched = true;
    if (name === undefined || !variable) {
      filling.diagnostics.push(unknownVariable(filling, whole, { name, path }));
      filling.failed.push(path);
      return 'unknown';
    }
    filling.used.add(name);
    filling.room.left -= variable.text.length;
    if (filling.room.left >= 0) return variable.text;
    if (filling.room.left >= -variable.text.length) filling.diagnostics.push(tooLongDiagnostic(path));
    filling.failed.push(path);
    return '';
  });
  const value = alone && filling.room.left >= 0 ? alone.value : text;
  if (touched) recordEdit(filling, path, value);
  return value;
}

const tooLongDiagnostic = (path: Path): Diagnostic =>
  makeDiagnostic('file-limit', atValue(path), 'the variables stand for more than 1 MiB of text, the most that is read');

function unknownVariable(
  filling: InterpolationRun,
  whole: string,
  at: { name: string | undefined; path: Path },
): Diagnostic {
  const { name, path } = at;
  const place = locateReference(filling.source, whole, path);
  if (name === undefined) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: how the language itself writes it
    const hint = 'write ${name}, or $${ for a plain ${';
    return makeDiagnostic('unknown-variable', place, 'a variable begins here and does not end', { hint });
  }
  const near = closestMatch(name, filling.variables.keys());
  const hint = near ? `did you mean "${near}"?` : `declare it under vars, or give it with --var ${name}=…`;
  return makeDiagnostic('unknown-variable', place, `there is no variable "${name}"`, { hint });
}

function locateReference(source: InterpolationSource, part: string, path: Path): SourceLocation {
  const span = findSpan(source.text, source.spans, { path, on: 'value' });
  const offset = source.text.slice(span.start, span.end).indexOf(part);
  if (offset < 0) return atValue(path);
  return { start: span.start + offset, end: span.start + offset + part.length };
}

function recordEdit(filling: InterpolationRun, path: Path, value: Json): void {
  let spans = filling.source.spans;
  for (const step of path) spans = spans?.children.get(step) ?? null;
  // What stands behind an alias is edited where it stands.
  if (spans?.form === 'scalar') filling.edits.set(spans.start, { start: spans.start, end: spans.end, value });
}

function applyEdits(text: string, edits: InterpolationRun['edits']): string {
  let result = '';
  let done = 0;
  for (const { start, end, value } of [...edits.values()].sort((a, b) => a.start - b.start)) {
    const lineBreak = text.slice(start, end).endsWith('\n') ? '\n' : '';
    result += text.slice(done, start) + JSON.stringify(value).replaceAll('${', '$$${') + lineBreak;
    done = end;
  }
  return result + text.slice(done);
}

/** The entry of `unknown-variable` in docs/checks.md. */
export const unknownVariableDoc: CheckDoc = {
  name: 'unknown-variable',
  code: 'NF1007',
  title: 'Undefined variable',
  explain:
    'The text uses a variable (`$` and braces) that neither `vars` nor `--var` nor a `--var-file` sets; or `--var` sets one that the file does not have.',
  bad: `
bridges: { lan: "\${subnet}" }
`,
  good: `
vars: { subnet: 10.0.0.0/24 }
bridges: { lan: "\${subnet}" }
`,
};
