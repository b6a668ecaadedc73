import type { Json } from '../../model/json.ts';
import type { LinkField, LinkKind, LinkOptions } from '../../model/link-kind.ts';
import { type JsonMap, omitEmpty } from '../result.ts';

/** The options of a live link as a topology writes them: without defaults, and without what the kernel does for a while. */
export function importOptions({ fields, transient }: LinkKind, options: LinkOptions): JsonMap {
  const passing = transient?.(options) ?? [];
  const written = Object.entries(fields).filter(
    ([key, { type }]) => type !== 'ports' && type !== 'feature' && !passing.includes(key),
  );
  return omitEmpty(Object.fromEntries(written.map(([key, field]) => [key, fieldText(field, options[key] ?? null)])));
}

/** Null: nothing needs to be written. */
function fieldText(field: LinkField, value: Json): Json {
  if (field.type === 'device' && field.none) return value ?? 'none';
  if ('default' in field && field.default === value) return null;
  if (field.type === 'milliseconds') return value === null ? null : `${String(value)}ms`;
  return field.type === 'duration' && value !== null ? `${String(value)}s` : value;
}
