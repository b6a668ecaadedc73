import { parseDocument } from 'yaml';
import type { Json } from '../model/json.ts';

/** A YAML file in another program's language, with merge keys filled in. Gives the first mistake as `line:column: message`. */
export function readYaml(text: string): { readonly value: Json } | { readonly problem: string } {
  try {
    const document = parseDocument(text, { merge: true, prettyErrors: true });
    const [error] = document.errors;
    if (error) return { problem: error.message.split('\n')[0] ?? error.message };
    return { value: JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MAX_ALIASES }) ?? null)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

const MAX_ALIASES = 100;
