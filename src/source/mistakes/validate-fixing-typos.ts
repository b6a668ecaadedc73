import type { Json } from '../../model/json.ts';
import type { SpanTree } from '../locate.ts';
import { type SchemaError, schemaErrors } from '../schema-errors.ts';
import type { KeyWords } from '../topology-readers.ts';
import { validateSchema } from '../validate.ts';
import { fixTypos } from './fix-typos.ts';

/**
 * The errors against the schema, and the value as it was meant: a key with a slip in it is taken for the one that it is
 * nearest to, so that the rest of the file can be checked in the same run.
 */
export function validateFixingTypos(
  value: Json,
  spans: SpanTree | null,
  words: KeyWords,
): { readonly value: Json; readonly spans: SpanTree | null; readonly errors: readonly SchemaError[] } {
  const found = validateSchema(value);
  const errorsWithout = (unlike: ReadonlySet<string>) => schemaErrors(found, { root: value, words, unlike });
  const errors = errorsWithout(new Set());
  const slips = errors.filter((error) => error.rename);
  if (slips.length === 0) return { value, spans, errors };
  const fixed = fixTypos({ value, spans }, slips);
  const rest = validateFixingTypos(fixed.value, fixed.spans, words);
  const unlike = unsuitableGuesses(slips, rest.errors);
  if (unlike.size === 0) return { ...rest, errors: [...slips, ...rest.errors] };
  const surer = errorsWithout(unlike).filter((error) => error.rename);
  const again = fixTypos({ value, spans }, surer);
  const others = validateFixingTypos(again.value, again.spans, words);
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
