import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, type Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { isName } from '../../net/name.ts';
import { MAX_VALUES } from '../decode.ts';
import { applyEdits, findSpan, type Span, type SpannedValue, type SpanTree, spansAt } from '../locate.ts';
import { expandValue, expansionLimit, expansionStart } from './expand.ts';
import { type ExpansionRun, MAX_INTERPOLATED_CHARACTERS, type Variable, type Variables } from './references.ts';

export type ExpansionResult = SpannedValue & {
  /** The text with the variables filled in: read again, it gives the same value. */
  readonly rendered: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly used: ReadonlySet<string>;
  /** Values that could not be filled in: nothing more is to be said about them. */
  readonly failed: readonly Path[];
  /** The parts of the text that ranges stand before: each is several values. */
  readonly shared: readonly Span[];
};

/** A value from the command line: whole numbers, `true` and `false` are what they look like; all else is text. */
export function parseVariable(written: string): Variable {
  if (/^(?:0|-?[1-9][0-9]{0,14})$/.test(written)) return { value: Number(written), text: written };
  if (written === 'true' || written === 'false') return { value: written === 'true', text: written };
  return { value: written, text: written };
}

/** The variables of a map in a file. One value may use those above it, and those given from outside, which win. */
export function declareVariables(
  source: ExpansionSource,
  given: Variables,
): { variables: Variables; diagnostics: Diagnostic[] } {
  const variables = new Map(given);
  const diagnostics: Diagnostic[] = [];
  const map = isJsonObject(source.value) ? source.value : {};
  const room = { characters: MAX_INTERPOLATED_CHARACTERS, values: MAX_VALUES };
  for (const [name, value] of Object.entries(map)) {
    const path = [...source.path, name];
    if (!isName(name))
      diagnostics.push(makeDiagnostic('bad-name', atKey(path), `${JSON.stringify(name)} is not a name`));
    if (given.has(name)) continue;
    const run = { ...createRun(source, variables), room };
    const spans = spansAt(source.spans, path);
    const filled = expandValue(run, { value, spans }, expansionStart(path)).value;
    diagnostics.push(...run.diagnostics);
    const single = typeof filled === 'number' || typeof filled === 'boolean' ? filled : null;
    const { start, end } = findSpan(source.text, source.spans, { path, on: 'value' });
    // A list, a map or nothing is refused by the schema: it counts as known here.
    const text = single === null ? (typeof filled === 'string' ? filled : '') : source.text.slice(start, end);
    variables.set(name, { value: single ?? text, text });
  }
  return { variables, diagnostics };
}

/** A part of a file: its text, its value, and where that stands. `path` leads to the value from the root. */
export type ExpansionSource = {
  readonly text: string;
  readonly value: Json | undefined;
  readonly spans: SpanTree | null;
  readonly path: Path;
};

/**
 * Puts variables where `${name}` stands in a text value (`$${` is a plain `${`), and writes ranges out: `pc-{1..3}` as a
 * key or an item of a list is three of them, in which `${n}` is the number.
 */
export function expandTopology(source: ExpansionSource, variables: Variables): ExpansionResult {
  const run = createRun(source, variables);
  if (isLiteral(source.text)) {
    const { text: rendered, value = null, spans } = source;
    return { value, spans, rendered, diagnostics: [], used: run.used, failed: [], shared: [] };
  }
  const { value, spans } = expandValue(run, { value: source.value ?? null, spans: source.spans }, expansionStart([]));
  const limit = expansionLimit(run);
  // What is wrong under `vars` was said when it was read.
  const isNews = ({ at }: Diagnostic) => !isUnderVars(source, at);
  return {
    value,
    spans,
    rendered: applyEdits(source.text, run.edits),
    diagnostics: [...run.diagnostics.filter(isNews), ...(limit ? [limit] : [])],
    used: run.used,
    failed: run.failed,
    shared: run.shared,
  };
}

/** Whether a text has nothing that could be filled in or written out. */
const isLiteral = (text: string): boolean =>
  !text.includes('${') && !/\{[^{}\s"']*(?:\.\.|,)[^{}\s"']*\}|\\[xuU]/.test(text);

function isUnderVars({ spans }: ExpansionSource, at: Diagnostic['at']): boolean {
  if (!at) return false;
  if ('path' in at) return at.path[0] === 'vars';
  const vars = spans?.children.get('vars');
  return vars !== undefined && at.start >= vars.start && at.end <= vars.end;
}

const createRun = ({ text }: ExpansionSource, variables: Variables): ExpansionRun => ({
  text,
  variables,
  diagnostics: [],
  used: new Set(),
  failed: [],
  shared: [],
  edits: new Map(),
  room: { characters: MAX_INTERPOLATED_CHARACTERS, values: MAX_VALUES },
});

/** The entry of `unknown-variable` in docs/checks.md. */
export const unknownVariableDoc: CheckDoc = {
  name: 'unknown-variable',
  code: 'NF1007',
  title: 'Undefined variable',
  explain:
    'The text uses a variable (`$` and braces) that neither `vars` nor `--var` nor a `--var-file` sets; or `--var` sets one that the file does not have.',
  bad: `
bridges: { lan: "\${subnet}" }
`,
  good: `
vars: { subnet: 10.0.0.0/24 }
bridges: { lan: "\${subnet}" }
`,
};
