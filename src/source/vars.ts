import { type Diagnostic, problem } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import { atKey, atValue, type Path, type Place } from '../model/place.ts';
import { isName } from '../net/name.ts';
import { closest } from '../net/suggest.ts';
import { isRecord } from './node.ts';
import { type Span, type Spans, spanOf } from './spans.ts';

/** A value with the text that stands for it inside a longer one. */
export type Variable = { readonly value: string | number | boolean; readonly text: string };
export type Variables = ReadonlyMap<string, Variable>;

export type Filled = {
  readonly value: Json;
  /** The text with the variables filled in: read again, it gives the same value. */
  readonly rendered: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly used: ReadonlySet<string>;
  /** Values that could not be filled in: nothing more is to be said about them. */
  readonly failed: readonly Path[];
};

/** A value from the command line: whole numbers, `true` and `false` are what they look like; all else is text. */
export function typed(written: string): Variable {
  if (/^(?:0|-?[1-9][0-9]{0,14})$/.test(written)) return { value: Number(written), text: written };
  if (written === 'true' || written === 'false') return { value: written === 'true', text: written };
  return { value: written, text: written };
}

/** The variables of a map in a file. One value may use those above it, and those given from outside, which win. */
export function declared(source: Source, given: Variables): { variables: Variables; diagnostics: Diagnostic[] } {
  const variables = new Map(given);
  const diagnostics: Diagnostic[] = [];
  const map = isRecord(source.value) ? source.value : {};
  const room = { left: MAX_FILLED };
  for (const [name, value] of Object.entries(map)) {
    const path = [...source.path, name];
    if (!isName(name)) diagnostics.push(problem('bad-name', atKey(path), `${JSON.stringify(name)} is not a name`));
    if (given.has(name)) continue;
    const filling = fillingOf(source, variables, room);
    const filled = fill(filling, value, path);
    diagnostics.push(...filling.diagnostics);
    const single = typeof filled === 'number' || typeof filled === 'boolean' ? filled : null;
    const { start, end } = spanOf(source.text, source.spans, { path, on: 'value' });
    // A list, a map or nothing is refused by the schema: it counts as known here.
    const text = single === null ? (typeof filled === 'string' ? filled : '') : source.text.slice(start, end);
    variables.set(name, { value: single ?? text, text });
  }
  return { variables, diagnostics };
}

/** A part of a file: its text, its value, and where that stands. `path` leads to the value from the root. */
export type Source = {
  readonly text: string;
  readonly value: Json | undefined;
  readonly spans: Spans | null;
  readonly path: Path;
};

/** Puts variables where `${name}` stands in a text value, `$${` is a plain `${`. */
export function fillIn(source: Source, variables: Variables): Filled {
  const filling = fillingOf(source, variables, { left: MAX_FILLED });
  // What is wrong under `vars` has been said when it was read.
  const quiet = { ...filling, diagnostics: [] };
  const value = isRecord(source.value)
    ? Object.fromEntries(
        Object.entries(source.value).map(([key, part]) => [key, fill(key === 'vars' ? quiet : filling, part, [key])]),
      )
    : (source.value ?? null);
  return {
    value,
    rendered: rendered(source.text, filling.edits),
    diagnostics: filling.diagnostics,
    used: filling.used,
    failed: filling.failed,
  };
}

type Filling = {
  readonly source: Source;
  readonly variables: Variables;
  readonly diagnostics: Diagnostic[];
  readonly used: Set<string>;
  readonly failed: Path[];
  readonly edits: Map<number, Span & { readonly value: Json }>;
  readonly room: Room;
};

/** How many characters variables may still stand for. */
type Room = { left: number };

/** As many as a file may have: variables that stand for each other cannot make more of it. */
const MAX_FILLED = 1024 * 1024;

const fillingOf = (source: Source, variables: Variables, room: Room): Filling => ({
  room,
  source,
  variables,
  diagnostics: [],
  used: new Set(),
  failed: [],
  edits: new Map(),
});

function fill(filling: Filling, value: Json, path: Path): Json {
  if (typeof value === 'string') return value.includes('${') ? fillText(filling, value, path) : value;
  // Most values have nothing to be filled in, so their paths are not made.
  const part = (inner: Json, key: string | number): Json =>
    isPlain(inner) ? inner : fill(filling, inner, [...path, key]);
  if (Array.isArray(value)) return value.map(part);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, part(inner, key)]));
}

const isPlain = (value: Json): boolean =>
  typeof value === 'string' ? !value.includes('${') : typeof value !== 'object' || value === null;

const REFERENCE = /(\$\$\{)|\$\{([^{}]*)\}|\$\{/g;

function fillText(filling: Filling, written: string, path: Path): Json {
  const only = /^\$\{([^{}]*)\}$/.exec(written)?.[1];
  const alone = only === undefined ? undefined : filling.variables.get(only);
  let touched = false;
  const text = written.replace(REFERENCE, (whole: string, escaped: string | undefined, name: string | undefined) => {
    if (escaped) return '${';
    const variable = name === undefined ? undefined : filling.variables.get(name);
    touched = true;
    if (name === undefined || !variable) {
      filling.diagnostics.push(unknown(filling, whole, { name, path }));
      filling.failed.push(path);
      return 'unknown';
    }
    filling.used.add(name);
    filling.room.left -= variable.text.length;
    if (filling.room.left >= 0) return variable.text;
    if (filling.room.left >= -variable.text.length) filling.diagnostics.push(tooLong(path));
    filling.failed.push(path);
    return '';
  });
  const value = alone && filling.room.left >= 0 ? alone.value : text;
  if (touched) edit(filling, path, value);
  return value;
}

const tooLong = (path: Path): Diagnostic =>
  problem('file-limit', atValue(path), 'the variables stand for more than 1 MiB of text, the most that is read');

function unknown(filling: Filling, whole: string, at: { name: string | undefined; path: Path }): Diagnostic {
  const { name, path } = at;
  const place = placeOf(filling.source, whole, path);
  if (name === undefined) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: how the language itself writes it
    const hint = 'write ${name}, or $${ for a plain ${';
    return problem('unknown-variable', place, 'a variable begins here and does not end', { hint });
  }
  const near = closest(name, filling.variables.keys());
  const hint = near ? `did you mean "${near}"?` : `declare it under vars, or give it with --var ${name}=…`;
  return problem('unknown-variable', place, `there is no variable "${name}"`, { hint });
}

function placeOf(source: Source, part: string, path: Path): Place {
  const span = spanOf(source.text, source.spans, { path, on: 'value' });
  const offset = source.text.slice(span.start, span.end).indexOf(part);
  if (offset < 0) return atValue(path);
  return { start: span.start + offset, end: span.start + offset + part.length };
}

function edit(filling: Filling, path: Path, value: Json): void {
  let spans = filling.source.spans;
  for (const step of path) spans = spans?.children.get(step) ?? null;
  // What stands behind an alias is edited where it stands.
  if (spans?.form === 'scalar') filling.edits.set(spans.start, { start: spans.start, end: spans.end, value });
}

function rendered(text: string, edits: Filling['edits']): string {
  let result = '';
  let done = 0;
  for (const { start, end, value } of [...edits.values()].sort((a, b) => a.start - b.start)) {
    const lineBreak = text.slice(start, end).endsWith('\n') ? '\n' : '';
    result += text.slice(done, start) + JSON.stringify(value).replaceAll('${', '$$${') + lineBreak;
    done = end;
  }
  return result + text.slice(done);
}
