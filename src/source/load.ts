import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import type { SourceLocation, SourceLocator } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../model/json.ts';
import type { Topology } from '../model/topology.ts';
import { toText } from './decode.ts';
import { readDocument, type SourceDocument } from './document.ts';
import { applyDefaults } from './expand/defaults.ts';
import { type GivenVariables, givenVariables, unusedVariables } from './expand/given-variables.ts';
import { type IncludeReader, joinIncluded } from './expand/include/join.ts';
import { atOffsets } from './expand/include/places.ts';
import type { Variables } from './expand/references.ts';
import { declareVariables, type ExpansionResult, expandTopology } from './expand/variables.ts';
import { createLocator, findSpan, type IncludedText, type Span, type SpannedValue, type SpanTree } from './locate.ts';
import { createConsequenceFilter, createPathMatcher, pathPrefixes } from './mistakes/consequences.ts';
import { foreignFormatDiagnostic } from './mistakes/foreign-format.ts';
import { readMeantTopology } from './mistakes/read-meant-topology.ts';
import { printTopology } from './print-yaml.ts';
import type { TopologyReaders } from './topology-readers.ts';

export type TopologyLoadOptions = GivenVariables & {
  /** What messages call the file. */
  readonly file: string;
  /** The folder of the file, absolute. Left out: it has none. */
  readonly folder?: string;
  /** Reads what `include` names. Left out: nothing can be included. */
  readonly readIncluded?: IncludeReader;
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
  /** The text that places are in: that of the file, with those of the included ones after it. */
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
  const expanded = expandTopology(root, own.variables);
  const filled = withIncludedFiles(expanded, { text, variables: own.variables, options });
  const unused = unusedVariables(options, vars, filled.used);
  const unfilled = [...given.diagnostics, ...own.diagnostics, ...filled.diagnostics, ...unused];
  if (filled.isBroken) return failedJoin(filled, [...document.diagnostics, ...unfilled]);
  const whole = applyDefaults(filled);
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
    locate: createLocator(filled.text, meant.spans, filled.included),
    isShared: createSharedTest({ text: filled.text, spans: meant.spans, shared: filled.shared }),
    expanded: isJsonObject(whole.value) ? writtenOut(filled) : null,
    rendered: filled.rendered,
    text: filled.text,
    isWhole: true,
  };
}

/** The main file, with the files that it includes where it does. */
type FilledTopology = ExpansionResult & {
  readonly text: string;
  readonly included: readonly IncludedText[];
  /** Whether the files could not be made one: nothing more is to be said than what `diagnostics` holds. */
  readonly isBroken: boolean;
};

type IncludeOptions = Pick<TopologySource, 'text' | 'options'> & { readonly variables: Variables };

function withIncludedFiles(main: ExpansionResult, { text, variables, options }: IncludeOptions): FilledTopology {
  if (!isJsonObject(main.value) || !('include' in main.value)) return { ...main, text, included: [], isBroken: false };
  const { value, spans } = main;
  const { file, readIncluded } = options;
  const joined = joinIncluded({ value, spans, file, text, variables }, readIncluded);
  const own = main.diagnostics.map((one) => atOffsets(text, spans, one));
  const diagnostics = [...own, ...joined.diagnostics];
  return {
    ...joined,
    diagnostics,
    used: new Set([...main.used, ...joined.used]),
    failed: main.failed,
    shared: [...main.shared, ...joined.shared],
    rendered: isJsonObject(joined.value) ? printTopology(writtenOut(joined), []) : text,
    isBroken: diagnostics.length > 0,
  };
}

/** The topology without what has been written out. */
const writtenOut = (filled: SpannedValue): Spec => {
  const { value } = applyDefaults(filled);
  return isJsonObject(value) ? withoutKeys(value, ['vars', 'defaults', 'include']) : {};
};

const failedJoin = (
  { text, spans, included }: FilledTopology,
  diagnostics: readonly Diagnostic[],
): TopologyLoadResult => ({
  ...failedLoad(text, spans, diagnostics, false),
  locate: createLocator(text, spans, included),
});

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
