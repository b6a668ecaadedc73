import { posix } from 'node:path';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject, type Json, type Spec } from '../../../model/json.ts';
import { decodeText, MAX_BYTES, MAX_VALUES } from '../../decode.ts';
import { readDocument } from '../../document.ts';
import type { IncludedText, Span, SpannedValue, SpanTree } from '../../locate.ts';
import { mergeValues } from '../merge.ts';
import type { Variables } from '../references.ts';
import { declareVariables, expandTopology, parseVariable } from '../variables.ts';
import { type IncludeEntry, includeEntries } from './entries.ts';
import { atOffsets, shifted, shiftedSpans } from './places.ts';

/** The bytes of a file, by its path from the folder of the main file; or why it cannot be had, and what to do. */
export type IncludeReader = (path: string) => { readonly bytes: Uint8Array } | UnreadableInclude;

/** `near`: the names of files beside it that are probably meant. */
type UnreadableInclude = { readonly problem: string; readonly hint: string | null; readonly near?: readonly string[] };

/** The main file with its variables and ranges written out. `file`: what messages call it. */
export type IncludingFile = SpannedValue & {
  readonly file: string;
  readonly text: string;
  readonly variables: Variables;
};

/**
 * A topology with its includes merged in. `text` is that of the main file with those of the others after it, into which
 * all offsets point. With anything in `diagnostics` (whose places are offsets) the value is not to be used.
 */
export type JoinedTopology = SpannedValue & {
  readonly text: string;
  readonly included: readonly IncludedText[];
  readonly diagnostics: readonly Diagnostic[];
  /** The variables that the included files declare or use. */
  readonly used: ReadonlySet<string>;
  /** The parts of the text that stand for several values. */
  readonly shared: readonly Span[];
};

/**
 * Merges the files under `include` with the one that includes them: maps key by key, lists in order with those of the
 * included files first; a single value that is in two files is a contradiction. An included file sees the variables of
 * the file that includes it and those that the entry gives; both win over its own.
 */
export function joinIncluded(main: IncludingFile, read: IncludeReader | undefined): JoinedTopology {
  const run: JoinRun = {
    main,
    read,
    text: main.text,
    included: [],
    sources: new Map(),
    diagnostics: [],
    used: new Set(),
    shared: [],
    values: countValues(main.value),
    files: 0,
  };
  const { value, spans } = withIncluded(run, main, { chain: [posix.basename(main.file)], variables: main.variables });
  const { text, included, diagnostics, used, shared } = run;
  return { value: headFirst(value), spans, text, included, diagnostics, used, shared };
}

type JoinRun = {
  readonly main: IncludingFile;
  readonly read: IncludeReader | undefined;
  text: string;
  readonly included: IncludedText[];
  /** What was read, by path from the main file's folder; null: it cannot be used, and that was said. */
  readonly sources: Map<string, { readonly value: Spec; readonly spans: SpanTree } | null>;
  readonly diagnostics: Diagnostic[];
  readonly used: Set<string>;
  readonly shared: Span[];
  values: number;
  files: number;
};

/** The files from the main one to the one at hand, by their paths, and the variables that it sees. */
type Including = { readonly chain: readonly string[]; readonly variables: Variables };

/** How many files, each counted as often as it is included. */
const MAX_INCLUDED_FILES = 1000;

function withIncluded(run: JoinRun, { value, spans }: SpannedValue, at: Including): SpannedValue {
  if (!isJsonObject(value) || !('include' in value)) return { value, spans };
  const { include, ...own } = value;
  const { entries, diagnostics } = includeEntries(include, spans?.children.get('include') ?? null);
  run.diagnostics.push(...diagnostics);
  let merged: SpannedValue = { value: {}, spans: spans && { ...spans, children: new Map() } };
  for (const part of [...entries.map((entry) => readPart(run, entry, at)), { value: own, spans }]) {
    if (part === null) continue;
    const report = (conflict: Diagnostic) => run.diagnostics.push(conflict);
    const both = mergeValues(merged, part, { path: [], report, isOfTwoFiles: true });
    // What is missing is missing in the file that includes.
    merged = { value: both.value, spans: both.spans && spans && { ...spans, children: both.spans.children } };
  }
  return merged;
}

/** What one entry of `include` stands for; null: it cannot be used, and that was said. */
function readPart(run: JoinRun, entry: IncludeEntry, { chain, variables }: Including): SpannedValue | null {
  run.files += 1;
  const path = pathOf(run, entry, chain);
  const source = path === null ? null : readSource(run, path, entry);
  if (path === null || source === null) return null;
  const { value, spans } = source;
  const known = run.diagnostics.length;
  const report = (found: readonly Diagnostic[], places: SpanTree | null) =>
    run.diagnostics.push(...found.map((one) => atOffsets(run.text, places, one)));
  const given = new Map([
    ...variables,
    ...Object.entries(entry.vars).map(([name, one]) => [name, variableOf(one)] as const),
  ]);
  const root = { text: run.text, value, spans, path: [] };
  const own = declareVariables({ ...root, value: value['vars'], path: ['vars'] }, given);
  const filled = expandTopology(root, own.variables);
  report(own.diagnostics, spans);
  report(filled.diagnostics, filled.spans);
  run.diagnostics.push(...headDiagnostics(run, { value, spans }));
  run.values += countValues(filled.value);
  if (run.values > MAX_VALUES) {
    const message = `the included files stand for more than ${MAX_VALUES} values, the most that is read`;
    run.diagnostics.push(makeDiagnostic('file-limit', entry.at, message));
  }
  if (run.diagnostics.length > known) return null;
  for (const name of [...Object.keys(Object(value['vars'])), ...filled.used]) run.used.add(name);
  run.shared.push(...filled.shared);
  const inner = withIncluded(run, filled, { chain: [...chain, path], variables: own.variables });
  const { version: _version, vars: _vars, ...rest } = Object(inner.value);
  return { value: rest, spans: inner.spans };
}

const variableOf = (value: string | number | boolean) =>
  typeof value === 'string' ? { value, text: value } : parseVariable(String(value));

/** The path of an entry from the folder of the main file; null: it may not be included, and that was said. */
function pathOf(run: JoinRun, entry: IncludeEntry, chain: readonly string[]): string | null {
  const path = posix.join(posix.dirname(chain.at(-1) ?? ''), entry.file);
  const refuse = (message: string, hint: string | null = null) => {
    run.diagnostics.push(makeDiagnostic('bad-include', entry.at, message, { hint }));
    return null;
  };
  if (posix.isAbsolute(entry.file) || path === '..' || path.startsWith('../')) {
    return refuse(`${entry.file} is outside the folder of ${run.main.file}`, 'include files of that folder only');
  }
  if (chain.includes(path)) {
    const circle = [...chain, path].join(' includes ');
    return refuse(`${path} would be included in itself: ${circle}`, 'leave this include out');
  }
  if (run.files <= MAX_INCLUDED_FILES) return path;
  if (run.files === MAX_INCLUDED_FILES + 1) {
    run.diagnostics.push(
      makeDiagnostic(
        'file-limit',
        entry.at,
        `more than ${MAX_INCLUDED_FILES} files are included, the most that is read`,
      ),
    );
  }
  return null;
}

function readSource(run: JoinRun, path: string, entry: IncludeEntry): { value: Spec; spans: SpanTree } | null {
  const known = run.sources.get(path);
  if (known !== undefined) {
    // Mistakes in it are found once for each time that it is included.
    const part = run.included.find((one) => one.path === path);
    if (part) run.shared.push({ start: part.start, end: part.start + part.text.length });
    return known;
  }
  const source = addSource(run, path, entry);
  run.sources.set(path, source);
  return source;
}

function addSource(run: JoinRun, path: string, entry: IncludeEntry): { value: Spec; spans: SpanTree } | null {
  const refuse = (check: 'bad-include' | 'file-limit', message: string, hint: string | null = null) => {
    run.diagnostics.push(makeDiagnostic(check, entry.at, message, { hint }));
    return null;
  };
  if (!run.read) {
    const hint = 'write the topology to a file';
    return refuse('bad-include', `${run.main.file} has no folder that ${entry.file} could be in`, hint);
  }
  const found = run.read(path);
  if ('problem' in found) {
    const near = (found.near ?? []).map((name) => posix.join(posix.dirname(entry.file), name));
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : found.hint;
    return refuse('bad-include', `cannot include ${entry.file}: ${found.problem}`, hint);
  }
  const { text, diagnostics } = decodeText(found.bytes);
  const start = run.text.length + 1;
  if (start + text.length > MAX_BYTES) {
    return refuse('file-limit', 'the topology and its included files are larger than 1 MiB, the most that is read');
  }
  run.text += `\n${text}`;
  run.included.push({ start, path, file: posix.join(posix.dirname(run.main.file), path), text });
  const document = diagnostics.length > 0 ? null : readDocument(text);
  const wrong = [...diagnostics, ...(document?.diagnostics ?? [])].map((one) => shifted(one, start));
  run.diagnostics.push(...wrong);
  if (!document || wrong.length > 0) return null;
  if (isJsonObject(document.value) && document.spans)
    return { value: document.value, spans: shiftedSpans(document.spans, start) };
  const message = document.value === null ? `${path} is empty` : `${path} is not a map of keys`;
  return refuse('bad-include', message, 'write in it what a topology has, such as namespaces');
}

/** What an included file may not say: another version, or a name. */
function headDiagnostics({ main }: JoinRun, { value, spans }: SpannedValue): readonly Diagnostic[] {
  const [map, whole] = [Object(value), Object(main.value)];
  const at = (key: string) => spans?.children.get(key)?.key ?? null;
  const found: Diagnostic[] = [];
  if ('name' in map) {
    const message = `only ${main.file} names the lab: it includes this file`;
    found.push(makeDiagnostic('bad-include', at('name'), message, { hint: 'leave name out here' }));
  }
  if ('version' in map && map.version !== whole.version) {
    const message = `this file is of version ${JSON.stringify(map.version)}, but ${main.file} is of ${JSON.stringify(whole.version ?? null)}`;
    found.push(makeDiagnostic('bad-include', at('version'), message, { hint: 'leave version out here' }));
  }
  return found;
}

/** The topology with its version and its name before all else. */
function headFirst(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const head = ['version', 'name'].filter((key) => key in value).map((key) => [key, value[key]]);
  return { ...Object.fromEntries(head), ...value };
}

const countValues = (value: Json): number =>
  typeof value !== 'object' || value === null
    ? 1
    : Object.values(value).reduce((sum: number, inner) => sum + countValues(inner), 1);
