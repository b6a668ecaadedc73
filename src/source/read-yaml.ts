import { type Document, parseAllDocuments, parseDocument } from 'yaml';
import type { Json } from '../model/json.ts';

/** A YAML file in another program's language, with merge keys filled in. Gives the first mistake as `line:column: message`. */
export function readYaml(text: string): { readonly value: Json } | { readonly problem: string } {
  try {
    return { value: toJson(parseDocument(text, OPTIONS)) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** The documents of a YAML file in another program's language, with merge keys filled in. Gives the first mistake. */
export function readYamlDocuments(text: string): { readonly values: readonly Json[] } | { readonly problem: string } {
  try {
    // Of a text without a document it gives one empty one, by its types.
    return { values: parseAllDocuments(text, OPTIONS).map(toJson) };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

const OPTIONS = { merge: true, prettyErrors: true } as const;

/** Throws the first mistake of a document. */
function toJson(document: Pick<Document, 'errors' | 'toJS'>): Json {
  const [error] = document.errors;
  if (error) throw error;
  return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES }) ?? null));
}

const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

const MAX_ALIASES = 100;
