import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject, type Json } from '../../../model/json.ts';
import type { Span, SpanTree } from '../../locate.ts';

/** A file to include, as it is written, with the variables for it. */
export type IncludeEntry = {
  readonly file: string;
  readonly vars: { readonly [name: string]: string | number | boolean };
  readonly at: Span;
};

/** The entries of `include`. One that is neither a file name nor a map of `file` and `vars` is a mistake. */
export function includeEntries(
  include: Json | undefined,
  spans: SpanTree | null,
): { readonly entries: readonly IncludeEntry[]; readonly diagnostics: readonly Diagnostic[] } {
  const entries: IncludeEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  const hint = 'for example include: [base.yaml, { file: rack.yaml, vars: { rack: 2 } }]';
  if (!Array.isArray(include)) {
    const at = spans?.key ?? null;
    return { entries, diagnostics: [makeDiagnostic('wrong-type', at, '"include" must be a list of files', { hint })] };
  }
  for (const [i, item] of include.entries()) {
    const own = spans?.children.get(i);
    const at = { start: own?.start ?? 0, end: own?.end ?? 0 };
    const entry = readEntry(item);
    if (entry) entries.push({ ...entry, at });
    else {
      const message = `item ${i + 1} of "include" must be the name of a file, or a map of file and vars`;
      diagnostics.push(makeDiagnostic('wrong-type', at, message, { hint }));
    }
  }
  return { entries, diagnostics };
}

function readEntry(item: Json): Pick<IncludeEntry, 'file' | 'vars'> | null {
  if (typeof item === 'string') return item === '' ? null : { file: item, vars: {} };
  if (!isJsonObject(item)) return null;
  const { file, vars = {}, ...others } = item;
  if (typeof file !== 'string' || file === '' || !isJsonObject(vars) || Object.keys(others).length > 0) return null;
  const single: { [name: string]: string | number | boolean } = {};
  for (const [name, value] of Object.entries(vars)) {
    if (value === null || typeof value === 'object') return null;
    single[name] = value;
  }
  return { file, vars: single };
}
