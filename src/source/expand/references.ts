import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Path, SourceLocation } from '../../model/diagnostics/source-location.ts';
import type { Json } from '../../model/json.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { type Span, type SpanTree, spanOf, type TextEdits } from '../locate.ts';
import { type RangeValues, rangeReference } from './range.ts';

/** A value with the text that stands for it inside a longer one. */
export type Variable = { readonly value: string | number | boolean; readonly text: string };
export type Variables = ReadonlyMap<string, Variable>;

/** One pass over a file: what it may fill in, what it has found, and what it has written over. */
export type ExpansionRun = {
  readonly text: string;
  readonly variables: Variables;
  readonly diagnostics: Diagnostic[];
  /** The variables that were used. */
  readonly used: Set<string>;
  /** Values that could not be filled in: nothing more is to be said about them. */
  readonly failed: Path[];
  /** The parts of the text below a range. */
  readonly shared: Span[];
  readonly edits: TextEdits;
  /** How many characters variables, and how many values ranges may still stand for. */
  readonly room: { characters: number; values: number };
};

/** As many as a file may have: variables that stand for each other cannot make more of it. */
export const MAX_INTERPOLATED_CHARACTERS = 1024 * 1024;

/** A key or a value: where it is in the expanded topology, and where in the text. */
export type TextPlace = { readonly path: Path; readonly spans: SpanTree | null; readonly on: 'key' | 'value' };

const REFERENCE = /(\$\$\{)|\$\{([^{}]*)\}|\$\{/g;

/** The text with every `${name}` of a variable filled in. References to ranges and escapes stay as they are. */
export function fillVariables(run: ExpansionRun, written: string, at: TextPlace): string {
  return written.replace(REFERENCE, (whole: string, escaped: string | undefined, name: string | undefined) => {
    const variable = escaped || name === undefined ? undefined : run.variables.get(name);
    if (name === undefined || !variable) return whole;
    run.used.add(name);
    run.room.characters -= variable.text.length;
    if (run.room.characters >= 0) return escapeReferences(variable.text);
    if (run.room.characters >= -variable.text.length) run.diagnostics.push(tooLongDiagnostic(at));
    run.failed.push(at.path);
    return '';
  });
}

/** The text with the references to ranges filled in and escapes resolved; other references are reported. */
export function fillRangeValues(run: ExpansionRun, kept: string, values: RangeValues, at: TextPlace): string {
  return kept.replace(REFERENCE, (whole: string, escaped: string | undefined, name: string | undefined) => {
    if (escaped) return '${';
    const found = name === undefined ? null : rangeReference(name, values);
    if (found && 'text' in found) return found.text;
    run.failed.push(at.path);
    run.diagnostics.push(
      found
        ? makeDiagnostic('unknown-variable', locateReference(run, whole, at), found.problem)
        : unknownVariable(run, whole, { name, at, values }),
    );
    return 'unknown';
  });
}

/** A text in which nothing is a reference. */
export const escapeReferences = (text: string): string => text.replaceAll('${', '$$${');

/** Has the rendered text say this at a place: a value as JSON, in which references and escapes are kept as they are. */
export function recordEdit(run: ExpansionRun, { spans, on }: TextPlace, value: Json): void {
  const span = on === 'key' ? (spans?.key ?? null) : spans?.form === 'scalar' ? spans : null;
  if (span) run.edits.set(span.start, { start: span.start, end: span.end, value });
}

const tooLongDiagnostic = (at: TextPlace): Diagnostic =>
  makeDiagnostic('file-limit', placeOf(at), 'the variables stand for more than 1 MiB of text, the most that is read');

type UnknownReference = { readonly name: string | undefined; readonly at: TextPlace; readonly values: RangeValues };

function unknownVariable(run: ExpansionRun, whole: string, { name, at, values }: UnknownReference): Diagnostic {
  const place = locateReference(run, whole, at);
  if (name === undefined) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: how the language itself writes it
    const hint = 'write ${name}, or $${ for a plain ${';
    return makeDiagnostic('unknown-variable', place, 'a variable begins here and does not end', { hint });
  }
  const [, counted = null, sum = ''] = /^(.*?)([+-]\d+)$/.exec(name) ?? [];
  if (counted !== null && run.variables.has(counted)) {
    const hint = `only a range can be counted from, such as {${counted === 'n' ? '' : `${counted}:`}1..3} in a name`;
    return makeDiagnostic('unknown-variable', place, `"${counted}" is a variable, which cannot be followed by ${sum}`, {
      hint,
    });
  }
  const near = closestMatch(counted ?? name, [...run.variables.keys(), ...values.keys()]);
  const remedy =
    counted === null ? `declare it under vars, or give it with --var ${name}=…` : 'name a range of this text';
  const hint = near ? `did you mean "${near}"?` : remedy;
  return makeDiagnostic('unknown-variable', place, `there is no variable "${counted ?? name}"`, { hint });
}

/** Where a part of a key or value stands; all of it where it is written in another way. */
export function locateReference(run: ExpansionRun, part: string, at: TextPlace): SourceLocation {
  if (!at.spans) return placeOf(at);
  const span = spanOf(run.text, at.spans, at.on);
  const offset = run.text.slice(span.start, span.end).indexOf(part);
  return offset < 0 ? placeOf(at) : { start: span.start + offset, end: span.start + offset + part.length };
}

/** A key or value as a place of the topology. */
export const placeOf = ({ path, on }: TextPlace): SourceLocation => ({ path, on });
