import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Span, SpanTree } from '../locate.ts';

/** The name that a key has in a map: the text of a single value. Null: it has none, or stands for other keys. */
export const keyName = (key: unknown): string | null => (key === undefined || key === '<<' ? null : String(key));

/** Keys that mean something to JavaScript. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Why a key cannot stand in a map; null when it can. */
export function keyDiagnostic(
  key: unknown,
  at: Span,
  { spans, path }: { readonly spans: SpanTree; readonly path: Path },
): Diagnostic | null {
  if (typeof key !== 'string') {
    return makeDiagnostic('yaml-feature', at, 'a key must be text', { hint: keyHint(key, path) });
  }
  if (key === '<<') {
    const hint = 'write the keys out, or use `*name` for a whole value';
    return makeDiagnostic('yaml-feature', at, 'merge keys (<<) are not used in topologies', { hint });
  }
  if (RESERVED_KEYS.has(key)) {
    return makeDiagnostic('reserved-key', at, `"${key}" cannot be a key`);
  }
  const first = spans.children.get(key)?.key;
  if (!first) return null;
  const related = [{ at: first, message: 'first written here' }];
  return makeDiagnostic('duplicate-key', at, `"${key}" is written twice`, { related, hint: 'keep one of them' });
}

/** YAML reads `true`, `null` and `12` as such; a list or a map as a key has no value here. */
function keyHint(key: unknown, path: Path): string {
  if (key === undefined) return 'write one word, or text in quotes';
  const isName = typeof key === 'number' && NAMED_SECTIONS.has(path.at(-1));
  return isName ? `write a name, which begins with a letter, such as n${key}` : `write it in quotes: "${String(key)}"`;
}

/** Sections whose keys are names of the reader's own. */
const NAMED_SECTIONS: ReadonlySet<unknown> = new Set(['namespaces', 'bridges', 'subnets', 'interfaces']);

/** The entry of `duplicate-key` in docs/checks.md. */
export const duplicateKeyDoc: CheckDoc = {
  name: 'duplicate-key',
  code: 'NF1005',
  title: 'Duplicate key',
  explain: 'One map has the same key twice. YAML would silently keep the last one.',
  bad: `
namespaces:
  red: {}
  red: {}
`,
  good: `
namespaces:
  red: {}
  blue: {}
`,
};

/** The entry of `reserved-key` in docs/checks.md. */
export const reservedKeyDoc: CheckDoc = {
  name: 'reserved-key',
  code: 'NF1006',
  title: 'Reserved key',
  explain:
    'The keys `__proto__`, `constructor` and `prototype` have a meaning in JavaScript and are rejected everywhere.',
  bad: `
namespaces:
  constructor: {}
`,
  good: `
namespaces:
  builder: {}
`,
};
