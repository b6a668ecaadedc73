import { type Diagnostic, problem } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import type { Locate, Path } from '../model/place.ts';
import type { Topology } from '../model/topology.ts';
import { closest } from '../net/suggest.ts';
import { readDocument, type SourceDocument } from './document.ts';
import { decode } from './limits.ts';
import { isRecord } from './node.ts';
import { normalise } from './normalise/topology.ts';
import { renamed } from './rename.ts';
import { type SchemaError, schemaErrors } from './schema-errors.ts';
import { locatorOf, type Spans } from './spans.ts';
import { validate } from './validate.ts';
import { declared, fillIn, typed, type Variables } from './vars.ts';

export type LoadOptions = {
  /** What messages call the file. */
  readonly file: string;
  /** From `--var name=value`; they win over the var-file, which wins over `vars`. */
  readonly vars: Readonly<Record<string, string>>;
  readonly varFile: { readonly name: string; readonly text: string | Uint8Array } | null;
};

export type Loaded = {
  /** Null when the file cannot be understood: not YAML, or not of the schema's shape. */
  readonly topology: Topology | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly locate: Locate;
  /** The text with the variables filled in; read again without any, it is the same topology. */
  readonly rendered: string;
  /** The text that places are in. */
  readonly text: string;
};

/** Reads a topology: every mistake of form is in `diagnostics`, one for each. Never throws on any input. */
export function loadTopology(input: string | Uint8Array, options: LoadOptions): Loaded {
  const { text, diagnostics: encoding } = textOf(input);
  if (encoding.length > 0) return failed(text, null, encoding);
  const document = readDocument(text);
  if (!document.spans || document.diagnostics.length > 0) return failed(text, document.spans, document.diagnostics);
  if (!isRecord(document.value)) return failed(text, document.spans, [notAMap(document.value, options.file)]);
  return loadMap(text, document, options);
}

const unread = (diagnostics: readonly Diagnostic[]): SourceDocument => ({ value: null, spans: null, diagnostics });

const textOf = (input: string | Uint8Array): ReturnType<typeof decode> =>
  typeof input === 'string' ? { text: input, diagnostics: [] } : decode(input);

function loadMap(text: string, document: SourceDocument, options: LoadOptions): Loaded {
  const given = givenVariables(options);
  const root = { text, value: document.value, spans: document.spans, path: [] };
  const vars = isRecord(document.value) ? document.value['vars'] : undefined;
  const own = declared({ ...root, value: vars, path: ['vars'] }, given.variables);
  const filled = fillIn(root, own.variables);
  const unused = unusedOf(options, vars, filled.used);
  const variables = [...given.diagnostics, ...own.diagnostics, ...filled.diagnostics, ...unused];
  const { value, spans, errors } = understood(filled.value, document.spans);
  const { topology, diagnostics } = normalise(value);
  const failedAt = within(filled.failed);
  const shape = errors.filter((error) => !failedAt(error.path));
  const refused = [...filled.failed, ...errors.map((error) => error.path)].filter((path) => path.length > 0);
  const refusedAt = within(refused);
  const above = new Set(refused.flatMap(prefixesOf));
  const contents = diagnostics.filter(({ at, check }) => {
    if (!at || !('path' in at)) return true;
    // What seems to be missing may be what the schema refused.
    return !refusedAt(at.path) && !(check === 'missing-key' && above.has(JSON.stringify(at.path)));
  });
  return {
    topology: variables.length > 0 || errors.some((error) => !error.rename) ? null : topology,
    diagnostics: [...variables, ...shape.map((error) => error.diagnostic), ...contents],
    locate: locatorOf(text, spans),
    rendered: filled.rendered,
    text,
  };
}

const failed = (text: string, spans: Spans | null, diagnostics: readonly Diagnostic[]): Loaded => ({
  topology: null,
  diagnostics,
  locate: locatorOf(text, spans),
  rendered: text,
  text,
});

function notAMap(value: Json, file: string): Diagnostic {
  const message = value === null ? `${file} is empty` : 'a topology is a map of keys, not a list or a single value';
  return problem('wrong-type', { path: [], on: 'value' }, message, { hint: 'begin with version: 1 and name: my-lab' });
}

function givenVariables(options: LoadOptions): { variables: Variables; diagnostics: readonly Diagnostic[] } {
  const { varFile } = options;
  const fromFile = varFile ? readVarFile(varFile) : { variables: new Map(), diagnostics: [] };
  const fromOptions = Object.entries(options.vars).map(([name, value]) => [name, typed(value)] as const);
  return { variables: new Map([...fromFile.variables, ...fromOptions]), diagnostics: fromFile.diagnostics };
}

function readVarFile(file: NonNullable<LoadOptions['varFile']>) {
  const { text, diagnostics: encoding } = textOf(file.text);
  const document = encoding.length > 0 ? unread(encoding) : readDocument(text);
  const locate = locatorOf(text, document.spans);
  const source = { text, value: document.value, spans: document.spans, path: [] };
  const { variables, diagnostics } = declared(source, new Map());
  const shape = Object.entries(isRecord(document.value) ? document.value : {})
    .filter(([, value]) => typeof value === 'object')
    .map(([name]) =>
      problem('wrong-type', { path: [name], on: 'key' }, `the variable "${name}" must be a single value`),
    );
  if (document.spans && document.value !== null && !isRecord(document.value)) {
    shape.push(problem('wrong-type', { path: [], on: 'value' }, 'a var-file is a map of names to values'));
  }
  // Places are in the topology: those of this file go into the message.
  const moved = [...document.diagnostics, ...diagnostics, ...shape].map((one) => {
    const { line, column } = one.at ? locate(one.at) : { line: 1, column: 1 };
    return { ...one, at: null, related: [], message: `${file.name}:${line}:${column}: ${one.message}` };
  });
  return { variables, diagnostics: moved };
}

function unusedOf(options: LoadOptions, vars: Json | undefined, used: ReadonlySet<string>): readonly Diagnostic[] {
  const known = new Set([...(isRecord(vars) ? Object.keys(vars) : []), ...used]);
  return Object.keys(options.vars)
    .filter((name) => !known.has(name))
    .map((name) => {
      const near = closest(name, known);
      const hint = near ? `did you mean "${near}"?` : 'declare it under vars, or leave --var out';
      return problem('unknown-variable', null, `--var ${name}: the file has no variable of that name`, { hint });
    });
}

/**
 * The errors against the schema, and the value as it was meant: a key with a slip in it is taken for the one that it is
 * nearest to, so that the rest of the file can be checked in the same run.
 */
function understood(
  value: Json,
  spans: Spans | null,
): { readonly value: Json; readonly spans: Spans | null; readonly errors: readonly SchemaError[] } {
  const errors = schemaErrors(validate(value), value);
  const slips = errors.filter((error) => error.rename);
  if (slips.length === 0) return { value, spans, errors };
  const fixed = renamed({ value, spans }, slips);
  const rest = understood(fixed.value, fixed.spans);
  return { ...rest, errors: [...slips, ...rest.errors] };
}

/** Whether a path leads to one of these places, or into it. */
function within(outer: readonly Path[]): (path: Path) => boolean {
  const places = new Set(outer.map((path) => JSON.stringify(path)));
  return (path) => prefixesOf(path).some((prefix) => places.has(prefix));
}

/** The path and all that it leads through, as text. */
const prefixesOf = (path: Path): readonly string[] =>
  Array.from({ length: path.length + 1 }, (_, length) => JSON.stringify(path.slice(0, length)));
