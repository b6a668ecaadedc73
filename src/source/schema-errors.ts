import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { closestMatch } from '../net/closest-match.ts';
import { formatFlowStyle } from './mistakes/flow-style.ts';
import { keyHint } from './mistakes/key-hint.ts';
import { plainExample, plainKeyHint } from './mistakes/plain-hints.ts';
import { rightValueHint, typeHint } from './mistakes/type-hint.ts';
import type { KeyWords } from './topology-readers.ts';
import type { ErrorObject } from './validate.ts';

/** One mistake against the schema. `rename` is set when the file is still understood: the key that was meant, if any. */
export type SchemaError = {
  readonly diagnostic: Diagnostic;
  readonly path: Path;
  readonly rename: { readonly to: string | null } | null;
  /** The key that a map lacks. */
  readonly missing?: string;
};

/**
 * The validated value, the keys that mean the host's at top level, besides `bridges` and `routes`, and the places (as JSON)
 * of unknown keys whose value does not suit the key that they resemble.
 */
export type ValidatedTopology = {
  readonly root: Json;
  readonly words: KeyWords;
  readonly unlike: ReadonlySet<string>;
  /** Nothing is known of what is validated but its schema: hints say what that knows. Left out: it is a topology. */
  readonly isPlain?: true;
};

/** One entry for each mistake, from the errors of one run of the validator. */
export function schemaErrors(errors: readonly ErrorObject[], validated: ValidatedTopology): readonly SchemaError[] {
  const mistyped = new Set(errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  // A value of the wrong type is not an allowed value either: that is one mistake.
  const own = errors.filter(({ keyword, instancePath }) => !VALUE_KEYWORDS.has(keyword) || !mistyped.has(instancePath));
  return own.flatMap((error) => schemaError(error, validated) ?? []);
}

/**
 * The mistakes without the keys that are missing where an unknown key, or a word of another tool, stands in their place:
 * that is one mistake.
 */
export function withoutAnsweredKeys(errors: readonly SchemaError[]): readonly SchemaError[] {
  const answered = new Set(
    errors.flatMap(({ path, diagnostic }) => {
      const [, key] = /^write (\w+):/.exec(diagnostic.hint ?? '') ?? [];
      return key === undefined ? [] : [JSON.stringify([...path.slice(0, -1), key])];
    }),
  );
  const misspelt = new Set(errors.flatMap(({ path, rename }) => (rename ? [JSON.stringify(path.slice(0, -1))] : [])));
  return errors.filter(
    ({ path, missing }) =>
      missing === undefined ||
      !(misspelt.has(JSON.stringify(path)) || answered.has(JSON.stringify([...path, missing]))),
  );
}

const VALUE_KEYWORDS: ReadonlySet<string> = new Set(['const', 'enum', 'pattern', 'minimum', 'maximum']);

function schemaError(error: ErrorObject, validated: ValidatedTopology): SchemaError | null {
  const { root } = validated;
  // Names are checked with better words when they are read.
  if (error.keyword === 'propertyNames' || error.propertyName !== undefined) return null;
  const path = parsePointer(error.instancePath, root);
  if (error.keyword === 'additionalProperties') return unknownKey(error, path, validated);
  if (error.keyword === 'required') {
    const missing = String(error.params['missingProperty']);
    const message = `${describePath(path)} needs the key "${missing}"`;
    const diagnostic = makeDiagnostic('missing-key', atKey(path), message, { hint: exampleHint(error) });
    return { diagnostic, path, rename: null, missing };
  }
  if (error.keyword === 'type') return { diagnostic: wrongType(error, path, validated), path, rename: null };
  return { diagnostic: badValue(error, path, validated), path, rename: null };
}

function unknownKey(error: ErrorObject, parent: Path, validated: ValidatedTopology): SchemaError {
  const { root, words, unlike, isPlain } = validated;
  const key = String(error.params['additionalProperty']);
  const path = [...parent, key];
  const known = isJsonObject(error.parentSchema?.['properties']) ? Object.keys(error.parentSchema['properties']) : [];
  const isUnlike = unlike.has(JSON.stringify(path));
  const { hint, to } = isPlain ? plainKeyHint(key, known) : keyHint({ root, parent, key, known, words, isUnlike });
  const where = parent.length === 0 ? 'at top level' : `in ${describePath(parent)}`;
  const diagnostic = makeDiagnostic('unknown-key', atKey(path), `unknown key "${key}" ${where}`, { hint });
  return { diagnostic, path, rename: { to } };
}

function wrongType(error: ErrorObject, path: Path, { root, isPlain }: ValidatedTopology): Diagnostic {
  const value = error.data as Json;
  const types = [error.schema as string | readonly string[]].flat().filter((type) => type !== 'null');
  const wanted = joinWithOr(types.map((type) => TYPE_NAMES[type] ?? type));
  const hint = isPlain ? plainExample(error, path) : typeHint(root, path, value);
  if (value === null) {
    const example = hint === null ? '' : `: ${hint}`;
    const message = `${describePath(path)} is empty`;
    return makeDiagnostic('wrong-type', atKey(path), message, {
      hint: `write ${wanted}, or leave the key out${example}`,
    });
  }
  const message = `${describePath(path)} must be ${wanted}, not ${describeValue(value)}`;
  return makeDiagnostic('wrong-type', atValue(path), message, { hint });
}

const TYPE_NAMES: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

function describeValue(value: Json): string {
  if (typeof value === 'string') return `the text ${quoteValue(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : 'a map';
}

function badValue(error: ErrorObject, path: Path, { isPlain }: ValidatedTopology): Diagnostic {
  const { keyword, params } = error;
  const value = error.data as Json;
  const what = describePath(path);
  const bad = (message: string, hint: string | null = null) =>
    makeDiagnostic('bad-value', atValue(path), message, { hint });
  if (keyword === 'enum') {
    const allowed = (params['allowedValues'] as readonly Json[]).map(String);
    const near = typeof value === 'string' ? closestMatch(value, allowed) : null;
    const only = allowed.length === 1 ? `write ${path.at(-1)}: ${allowed[0]}` : null;
    return bad(
      `${what} must be ${joinWithOr(allowed)}, not ${quoteValue(value)}`,
      near ? `did you mean "${near}"?` : only,
    );
  }
  if (keyword === 'minimum' || keyword === 'maximum') {
    const { minimum, maximum } = error.parentSchema as { minimum?: number; maximum?: number };
    const range = maximum === undefined ? `at least ${minimum}` : `from ${minimum ?? 0} to ${maximum}`;
    return bad(
      `${what} must be ${range}, not ${quoteValue(value)}`,
      isPlain ? plainExample(error, path) : rightValueHint(path),
    );
  }
  if (keyword === 'minItems' || keyword === 'maxItems') {
    const { minItems, maxItems } = error.parentSchema as { minItems: number; maxItems?: number };
    const count = Array.isArray(value) ? value.length : 0;
    const wanted = maxItems === minItems ? `exactly ${minItems} items` : `at least ${minItems} item`;
    return bad(`${what} must have ${wanted}, not ${count}`);
  }
  if (keyword === 'pattern') {
    return bad(
      `${what} must be ${error.parentSchema?.['patternErrorMessage'] ?? 'of another form'}, not ${quoteValue(value)}`,
    );
  }
  return bad(`${what} ${error.message}`);
}

/** The name of the value at a path, for messages. */
export function describePath(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  if (typeof last === 'string') return `"${last}"`;
  const list = path.findLast((step) => typeof step === 'string');
  return list === undefined ? 'the item' : `item ${last + 1} of "${list}"`;
}

function exampleHint(error: ErrorObject): string | null {
  const property = isJsonObject(error.parentSchema?.['properties'])
    ? error.parentSchema['properties'][String(error.params['missingProperty'])]
    : undefined;
  const examples = isJsonObject(property) ? property['examples'] : undefined;
  const example = Array.isArray(examples) ? (examples[0] as Json) : undefined;
  if (example === undefined) return null;
  const shown = `for example ${error.params['missingProperty']}: ${formatFlowStyle(example)}`;
  const alone = valueAlone(error);
  return alone === null ? shown : `${shown}; or write ${formatFlowStyle(alone)} alone, without { }`;
}

/** The one text of a map where the text alone is right, too; null: there is more in it, or a text is not. */
function valueAlone({ data, parentSchema }: ErrorObject): string | null {
  const types = [parentSchema?.['type']].flat();
  const values = isJsonObject(data) ? Object.values(data) : [];
  const [only] = values;
  return types.includes('string') && values.length === 1 && typeof only === 'string' ? only : null;
}

const quoteValue = (value: Json): string => {
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

function joinWithOr(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A JSON pointer as a path; digits are indexes only where the value is a list. */
function parsePointer(pointer: string, root: Json): Path {
  let here: Json | undefined = root;
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => {
      const index = Array.isArray(here) ? Number(step) : step;
      here = Array.isArray(here) ? here[Number(step)] : isJsonObject(here) ? here[step] : undefined;
      return index;
    });
}
