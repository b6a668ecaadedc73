import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import type { Path, SourceLocator } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { Topology } from '../model/topology.ts';
import { closestMatch } from '../net/closest-match.ts';
import { decodeText } from './decode.ts';
import { readDocument, type SourceDocument } from './document.ts';
import { fixTypos } from './fix-typos.ts';
import { createLocator, type SpanTree } from './locate.ts';
import { normaliseTopology } from './normalise/topology.ts';
import { type SchemaError, schemaErrors } from './schema-errors.ts';
import type { TopologyReaders } from './topology-readers.ts';
import { validateSchema } from './validate.ts';
import { declareVariables, interpolateVariables, parseVariable, type Variables } from './variables.ts';

export type TopologyLoadOptions = {
  /** What messages call the file. */
  readonly file: string;
  /** From `--var name=value`; they win over the var-file, which wins over `vars`. */
  readonly vars: Readonly<Record<string, string>>;
  readonly varFile: { readonly name: string; readonly text: string | Uint8Array } | null;
};

export type TopologyLoadResult = {
  /** Null when the file cannot be understood: not YAML, or not of the schema's shape. */
  readonly topology: Topology | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: SourceLocator;
  /** The text with the variables filled in; read again without any, it is the same topology. */
  readonly rendered: string;
  /** The text that places are in. */
  readonly text: string;
};

/** Reads a topology: every mistake of form is in `diagnostics`, one for each. Never throws on any input. */
export function readTopology(
  input: string | Uint8Array,
  options: TopologyLoadOptions,
  readers: TopologyReaders,
): TopologyLoadResult {
  const { text, diagnostics: encoding } = toText(input);
  if (encoding.length > 0) return failedLoad(text, null, encoding);
  const document = readDocument(text);
  if (!document.spans || document.diagnostics.length > 0) return failedLoad(text, document.spans, document.diagnostics);
  if (!isJsonObject(document.value))
    return failedLoad(text, document.spans, [notMapDiagnostic(document.value, options.file)]);
  return loadMap({ text, document, options, readers });
}

const unreadDocument = (diagnostics: readonly Diagnostic[]): SourceDocument => ({
  value: null,
  spans: null,
  diagnostics,
});

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
  const filled = interpolateVariables(root, own.variables);
  const unused = unusedVariables(options, vars, filled.used);
  const variables = [...given.diagnostics, ...own.diagnostics, ...filled.diagnostics, ...unused];
  const { value, spans, errors } = validateFixingTypos(filled.value, document.spans, readers.hostKeys);
  const { topology, diagnostics } = normaliseTopology(value, readers);
  const failedAt = createPathMatcher(filled.failed);
  const shape = errors.filter((error) => !failedAt(error.path));
  const refused = [...filled.failed, ...errors.map((error) => error.path)].filter((path) => path.length > 0);
  const refusedAt = createPathMatcher(refused);
  const above = new Set(refused.flatMap(pathPrefixes));
  const contents = diagnostics.filter(({ at, check }) => {
    if (!at || !('path' in at)) return true;
    // What seems to be missing may be what the schema refused.
    return !refusedAt(at.path) && !(check === 'missing-key' && above.has(JSON.stringify(at.path)));
  });
  return {
    topology: variables.length > 0 || errors.some((error) => !error.rename) ? null : topology,
    diagnostics: [...variables, ...shape.map((error) => error.diagnostic), ...contents],
    locate: createLocator(text, spans),
    rendered: filled.rendered,
    text,
  };
}

const failedLoad = (text: string, spans: SpanTree | null, diagnostics: readonly Diagnostic[]): TopologyLoadResult => ({
  topology: null,
  diagnostics,
  locate: createLocator(text, spans),
  rendered: text,
  text,
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
  const document = encoding.length > 0 ? unreadDocument(encoding) : readDocument(text);
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

/**
 * The errors against the schema, and the value as it was meant: a key with a slip in it is taken for the one that it is
 * nearest to, so that the rest of the file can be checked in the same run.
 */
function validateFixingTypos(
  value: Json,
  spans: SpanTree | null,
  hostKeys: readonly string[],
): { readonly value: Json; readonly spans: SpanTree | null; readonly errors: readonly SchemaError[] } {
  const found = validateSchema(value);
  const errorsWithout = (unlike: ReadonlySet<string>) => schemaErrors(found, { root: value, hostKeys, unlike });
  const errors = errorsWithout(new Set());
  const slips = errors.filter((error) => error.rename);
  if (slips.length === 0) return { value, spans, errors };
  const fixed = fixTypos({ value, spans }, slips);
  const rest = validateFixingTypos(fixed.value, fixed.spans, hostKeys);
  const unlike = unsuitableGuesses(slips, rest.errors);
  if (unlike.size === 0) return { ...rest, errors: [...slips, ...rest.errors] };
  const surer = errorsWithout(unlike).filter((error) => error.rename);
  const again = fixTypos({ value, spans }, surer);
  const others = validateFixingTypos(again.value, again.spans, hostKeys);
  return { ...others, errors: [...surer, ...others.errors] };
}

/** The misspelt keys whose value is of another type than that of the key that they resemble: another one was meant. */
function unsuitableGuesses(slips: readonly SchemaError[], errors: readonly SchemaError[]): ReadonlySet<string> {
  const mistyped = new Set(
    errors.filter(({ diagnostic }) => diagnostic.check === 'wrong-type').map(({ path }) => JSON.stringify(path)),
  );
  return new Set(
    slips.flatMap(({ path, rename }) => {
      const key = String(path.at(-1));
      if (!rename?.to || rename.to.toLowerCase() === key.toLowerCase()) return [];
      return mistyped.has(JSON.stringify([...path.slice(0, -1), rename.to])) ? [JSON.stringify(path)] : [];
    }),
  );
}

/** Whether a path leads to one of these places, or into it. */
function createPathMatcher(outer: readonly Path[]): (path: Path) => boolean {
  const places = new Set(outer.map((path) => JSON.stringify(path)));
  return (path) => pathPrefixes(path).some((prefix) => places.has(prefix));
}

/** The path and all that it leads through, as text. */
const pathPrefixes = (path: Path): readonly string[] =>
  Array.from({ length: path.length + 1 }, (_, length) => JSON.stringify(path.slice(0, length)));
