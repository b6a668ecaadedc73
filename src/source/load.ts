import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import type { SourceLocation, SourceLocator } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../model/json.ts';
import type { Topology } from '../model/topology.ts';
import { closestMatch } from '../net/closest-match.ts';
import { decodeText } from './decode.ts';
import { readDocument, type SourceDocument } from './document.ts';
import { applyDefaults } from './expand/defaults.ts';
import type { Variables } from './expand/references.ts';
import { declareVariables, expandTopology, parseVariable } from './expand/variables.ts';
import { createLocator, findSpan, type Span, type SpanTree } from './locate.ts';
import { createConsequenceFilter, createPathMatcher, pathPrefixes } from './mistakes/consequences.ts';
import { foreignFormatDiagnostic } from './mistakes/foreign-format.ts';
import { readMeantTopology } from './mistakes/read-meant-topology.ts';
import type { TopologyReaders } from './topology-readers.ts';

export type TopologyLoadOptions = {
  /** What messages call the file. */
  readonly file: string;
  /** From `--var name=value`; they win over the var-file, which wins over `vars`. */
  readonly vars: Readonly<Record<string, string>>;
  readonly varFile: { readonly name: string; readonly text: string | Uint8Array } | null;
  /** The folder of the file, absolute. Left out: it has none. */
  readonly folder?: string;
};

export type TopologyLoadResult = {
  /** Null when the file cannot be understood: not YAML, or not of the schema's shape. */
  readonly topology: Topology | null;
  /** The topology as far as it was understood, where `topology` is null for mistakes that leave the rest readable. */
  readonly draft: Topology | null;
  /** Whether what the rules of a lab say about the topology may follow from mistakes that are in `diagnostics`. */
  readonly isConsequence: (problem: Diagnostic) => boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: SourceLocator;
  /** Whether a place stands for several: it is below a range, or under `defaults`. */
  readonly isShared: (place: SourceLocation) => boolean;
  /** The topology with includes, ranges, variables and defaults written out; null: it cannot be read. */
  readonly expanded: Spec | null;
  /** The text with the variables filled in; read again without any, it is the same topology. */
  readonly rendered: string;
  /** The text that places are in. */
  readonly text: string;
  /** Whether all of the file was checked; false: it could not be read to its end. */
  readonly isWhole: boolean;
};

/** Reads a topology: every mistake of form is in `diagnostics`, one for each. Never throws on any input. */
export function readTopology(
  input: string | Uint8Array,
  options: TopologyLoadOptions,
  readers: TopologyReaders,
): TopologyLoadResult {
  const { text, diagnostics: encoding } = toText(input);
  if (encoding.length > 0) return failedLoad(text, null, encoding, false);
  const document = readDocument(text);
  const foreign = foreignFormatDiagnostic(text, document.value, options.file);
  if (foreign) return failedLoad(text, document.spans, [foreign]);
  if (!document.spans || !document.isWhole)
    return failedLoad(text, document.spans, document.diagnostics, document.isWhole);
  if (!isJsonObject(document.value))
    return failedLoad(text, document.spans, [notMapDiagnostic(document.value, options.file)]);
  return loadMap({ text, document, options, readers });
}

const toText = (input: string | Uint8Array): ReturnType<typeof decodeText> =>
  typeof input === 'string' ? { text: input, diagnostics: [] } : decodeText(input);

type TopologySource = {
  readonly text: string;
  readonly document: SourceDocument;
  readonly options: TopologyLoadOptions;
  readonly readers: TopologyReaders;
};

function loadMap({ text, document, options, readers }: TopologySource): TopologyLoadResult {
  const given = givenVariables(options);
  const root = { text, value: document.value, spans: document.spans, path: [] };
  const vars = isJsonObject(document.value) ? document.value['vars'] : undefined;
  const own = declareVariables({ ...root, value: vars, path: ['vars'] }, given.variables);
  const filled = expandTopology(root, own.variables);
  const whole = applyDefaults(filled);
  const unused = unusedVariables(options, vars, filled.used);
  const unfilled = [...given.diagnostics, ...own.diagnostics, ...filled.diagnostics, ...unused];
  const meant = readMeantTopology(whole, readers);
  const isUnreadable = createPathMatcher([...filled.failed, ...document.refused]);
  const shape = meant.errors.filter((error) => !isUnreadable(error.path));
  const refused = [...filled.failed, ...document.refused, ...meant.errors.map((error) => error.path)];
  const isRefused = createPathMatcher(refused.filter((path) => path.length > 0));
  const above = new Set(refused.filter((path) => path.length > 0).flatMap(pathPrefixes));
  const contents = meant.diagnostics.filter(({ at, check }) => {
    if (!at || !('path' in at)) return true;
    // What seems to be missing may be what the schema refused.
    return !isRefused(at.path) && !(check === 'missing-key' && above.has(JSON.stringify(at.path)));
  });
  const isWrong =
    [unfilled, document.diagnostics, meant.moved].some((found) => found.length > 0) ||
    meant.errors.some((error) => !error.rename);
  const lost = [
    ...filled.failed,
    ...document.refused,
    ...meant.errors.flatMap((error) => (error.rename?.to ? [] : [error.path])),
    ...contents.flatMap(({ at, severity }) => (at && 'path' in at && severity === 'error' ? [at.path] : [])),
  ];
  return {
    topology: isWrong ? null : inFolder(meant.topology, options.folder),
    draft: isWrong ? meant.topology : null,
    isConsequence:
      lost.length === 0 ? () => false : createConsequenceFilter({ root: meant.value, written: whole.value }, lost),
    diagnostics: [
      ...document.diagnostics,
      ...unfilled,
      ...shape.map((error) => error.diagnostic),
      ...meant.moved,
      ...contents,
    ],
    locate: createLocator(text, meant.spans),
    isShared: createSharedTest({ text, spans: meant.spans, shared: filled.shared }),
    expanded: isJsonObject(whole.value) ? withoutKeys(whole.value, ['vars', 'defaults']) : null,
    rendered: filled.rendered,
    text,
    isWhole: true,
  };
}

type SharedParts = { readonly text: string; readonly spans: SpanTree | null; readonly shared: readonly Span[] };

function createSharedTest({ text, spans, shared }: SharedParts): (place: SourceLocation) => boolean {
  const defaults = spans?.children.get('defaults');
  const parts = defaults ? [...shared, defaults] : shared;
  return (place) => {
    if (parts.length === 0) return false;
    const { start, end } = 'path' in place ? findSpan(text, spans, place) : place;
    return parts.some((part) => start >= part.start && end <= part.end);
  };
}

/** Nothing without one. */
const inFolder = (topology: Topology | null, folder: string | undefined): Topology | null =>
  topology === null || folder === undefined ? topology : { ...topology, at: { ...topology.at, folder } };

const withoutKeys = (map: Spec, keys: readonly string[]): Spec =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));

const failedLoad = (
  text: string,
  spans: SpanTree | null,
  diagnostics: readonly Diagnostic[],
  isWhole = true,
): TopologyLoadResult => ({
  topology: null,
  draft: null,
  isConsequence: () => false,
  diagnostics,
  locate: createLocator(text, spans),
  isShared: () => false,
  expanded: null,
  rendered: text,
  text,
  isWhole,
});

function notMapDiagnostic(value: Json, file: string): Diagnostic {
  const message = value === null ? `${file} is empty` : 'a topology is a map of keys, not a list or a single value';
  return makeDiagnostic('wrong-type', { path: [], on: 'value' }, message, {
    hint: 'begin with version: 1 and name: my-lab',
  });
}

function givenVariables(options: TopologyLoadOptions): { variables: Variables; diagnostics: readonly Diagnostic[] } {
  const { varFile } = options;
  const fromFile = varFile ? readVarFile(varFile) : { variables: new Map(), diagnostics: [] };
  const fromOptions = Object.entries(options.vars).map(([name, value]) => [name, parseVariable(value)] as const);
  return { variables: new Map([...fromFile.variables, ...fromOptions]), diagnostics: fromFile.diagnostics };
}

function readVarFile(file: NonNullable<TopologyLoadOptions['varFile']>) {
  const { text, diagnostics: encoding } = toText(file.text);
  const document = encoding.length > 0 ? { value: null, spans: null, diagnostics: encoding } : readDocument(text);
  const locate = createLocator(text, document.spans);
  const source = { text, value: document.value, spans: document.spans, path: [] };
  const { variables, diagnostics } = declareVariables(source, new Map());
  const shape = Object.entries(isJsonObject(document.value) ? document.value : {})
    .filter(([, value]) => typeof value === 'object')
    .map(([name]) =>
      makeDiagnostic('wrong-type', { path: [name], on: 'key' }, `the variable "${name}" must be a single value`),
    );
  if (document.spans && document.value !== null && !isJsonObject(document.value)) {
    shape.push(makeDiagnostic('wrong-type', { path: [], on: 'value' }, 'a var-file is a map of names to values'));
  }
  // Places are in the topology: those of this file go into the message.
  const moved = [...document.diagnostics, ...diagnostics, ...shape].map((one) => {
    const { line, column } = one.at ? locate(one.at) : { line: 1, column: 1 };
    return { ...one, at: null, related: [], message: `${file.name}:${line}:${column}: ${one.message}` };
  });
  return { variables, diagnostics: moved };
}

function unusedVariables(
  options: TopologyLoadOptions,
  vars: Json | undefined,
  used: ReadonlySet<string>,
): readonly Diagnostic[] {
  const known = new Set([...(isJsonObject(vars) ? Object.keys(vars) : []), ...used]);
  return Object.keys(options.vars)
    .filter((name) => !known.has(name))
    .map((name) => {
      const near = closestMatch(name, known);
      const hint = near ? `did you mean "${near}"?` : 'declare it under vars, or leave --var out';
      return makeDiagnostic('unknown-variable', null, `--var ${name}: the file has no variable of that name`, { hint });
    });
}
