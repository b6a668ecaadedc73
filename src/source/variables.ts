import type { CheckDoc } from '../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import { atKey, type Path, type SourceLocation } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { closestMatch } from '../net/closest-match.ts';
import { isName } from '../net/name.ts';
import { applyEdits, editableSpan, findSpan, type SpanTree, spansAt, type TextEdits } from './locate.ts';

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
  readonly edits: TextEdits;
  /** How many characters variables may still stand for. */
  readonly room: { left: number };
};

/** As many as a file may have: variables that stand for each other cannot make more of it. */
const MAX_INTERPOLATED_CHARACTERS = 1024 * 1024;

const createInterpolation = (
  source: InterpolationSource,
  variables: Variables,
  room: { left: number },
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
  return Object.fromEntries(entriesWithVariables(filling, value, path).map(([key, inner]) => [key, part(inner, key)]));
}

/** The entries of a map with the variables in its keys filled in; of two keys that become one, the first. */
function entriesWithVariables(
  filling: InterpolationRun,
  map: { readonly [key: string]: Json },
  path: Path,
): readonly (readonly [string, Json])[] {
  const entries = Object.entries(map);
  if (!entries.some(([key]) => key.includes('${'))) return entries;
  const filled = new Map<string, Json>();
  for (const [written, inner] of entries) {
    const key = written.includes('${') ? interpolateKey(filling, written, path) : written;
    const refusal = filledKeyProblem(key, filled);
    if (refusal === null) filled.set(key, inner);
    else filling.diagnostics.push(makeDiagnostic('duplicate-key', atKey([...path, written]), refusal));
  }
  return [...filled];
}

function filledKeyProblem(key: string, before: ReadonlyMap<string, Json>): string | null {
  if (['__proto__', 'constructor', 'prototype'].includes(key)) return `"${key}" cannot be a key`;
  return before.has(key) ? `"${key}" is written twice, once with a variable` : null;
}

const isPlain = (value: Json): boolean =>
  typeof value === 'string' ? !value.includes('${') : typeof value !== 'object' || value === null;

const REFERENCE = /(\$\$\{)|\$\{([^{}]*)\}|\$\{/g;

function interpolateText(filling: InterpolationRun, written: string, path: Path): Json {
  const only = /^\$\{([^{}]*)\}$/.exec(written)?.[1];
  const alone = only === undefined ? undefined : filling.variables.get(only);
  const { text, touched } = fillReferences(filling, written, { path, on: 'value' });
  const value = alone && filling.room.left >= 0 ? alone.value : text;
  if (touched) recordEdit(filling, path, { on: 'value', value });
  return value;
}

/** A key with its variables filled in, always as text. What stands below it is found under the new key too. */
function interpolateKey(filling: InterpolationRun, written: string, parent: Path): string {
  const path = [...parent, written];
  const { text, touched } = fillReferences(filling, written, { path, on: 'key' });
  if (!touched) return text;
  recordEdit(filling, path, { on: 'key', value: text });
  const spans = spansAt(filling.source.spans, parent);
  const own = spans?.children.get(written);
  if (spans && own && !spans.children.has(text)) spans.children.set(text, own);
  if (filling.failed.includes(path)) filling.failed.push([...parent, text]);
  return text;
}

type PathLocation = { readonly path: Path; readonly on: 'key' | 'value' };

function fillReferences(
  filling: InterpolationRun,
  written: string,
  at: PathLocation,
): { readonly text: string; readonly touched: boolean } {
  let touched = false;
  const text = written.replace(REFERENCE, (whole: string, escaped: string | undefined, name: string | undefined) => {
    if (escaped) {
      touched ||= at.on === 'key';
      return '${';
    }
    const variable = name === undefined ? undefined : filling.variables.get(name);
    touched = true;
    if (name === undefined || !variable) {
      filling.diagnostics.push(unknownVariable(filling, whole, { name, at }));
      filling.failed.push(at.path);
      return 'unknown';
    }
    filling.used.add(name);
    filling.room.left -= variable.text.length;
    if (filling.room.left >= 0) return variable.text;
    if (filling.room.left >= -variable.text.length) filling.diagnostics.push(tooLongDiagnostic(at));
    filling.failed.push(at.path);
    return '';
  });
  return { text, touched };
}

const tooLongDiagnostic = (at: PathLocation): Diagnostic =>
  makeDiagnostic('file-limit', at, 'the variables stand for more than 1 MiB of text, the most that is read');

function unknownVariable(
  filling: InterpolationRun,
  whole: string,
  { name, at }: { readonly name: string | undefined; readonly at: PathLocation },
): Diagnostic {
  const place = locateReference(filling.source, whole, at);
  if (name === undefined) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: how the language itself writes it
    const hint = 'write ${name}, or $${ for a plain ${';
    return makeDiagnostic('unknown-variable', place, 'a variable begins here and does not end', { hint });
  }
  const near = closestMatch(name, filling.variables.keys());
  const hint = near ? `did you mean "${near}"?` : `declare it under vars, or give it with --var ${name}=…`;
  return makeDiagnostic('unknown-variable', place, `there is no variable "${name}"`, { hint });
}

function locateReference(source: InterpolationSource, part: string, at: PathLocation): SourceLocation {
  const span = findSpan(source.text, source.spans, at);
  const offset = source.text.slice(span.start, span.end).indexOf(part);
  if (offset < 0) return at;
  return { start: span.start + offset, end: span.start + offset + part.length };
}

function recordEdit(filling: InterpolationRun, path: Path, { on, value }: { on: 'key' | 'value'; value: Json }): void {
  const span = editableSpan(filling.source.spans, { path, on });
  if (span) filling.edits.set(span.start, { start: span.start, end: span.end, value });
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
