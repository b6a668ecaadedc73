import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { MAX_VALUES } from '../decode.ts';
import type { SpannedValue, SpanTree } from '../locate.ts';
import { RESERVED_KEYS } from '../mistakes/document-keys.ts';
import { mergeValues } from './merge.ts';
import {
  countCopies,
  expandRanges,
  findRanges,
  mayHaveRange,
  type NameRange,
  type RangeCopy,
  type RangeValues,
} from './range.ts';
import {
  type ExpansionRun,
  fillRangeValues,
  fillVariables,
  locateReference,
  recordEdit,
  type TextPlace,
} from './references.ts';

/** Where the walk is: its path in the expanded topology, the ranges around it, and whether ranges are text here. */
export type ExpansionPlace = { readonly path: Path; readonly values: RangeValues; readonly isOpaque: boolean };

/** The start of a walk at a path, with no range around it. */
export const expansionStart = (path: Path): ExpansionPlace => ({ path, values: new Map(), isOpaque: false });

/**
 * The value with variables filled in and ranges written out. `spans` of the result lead from the expanded topology to
 * the text that it came from. What cannot be filled in is reported, and in `failed` of the run.
 */
export function expandValue(run: ExpansionRun, part: SpannedValue, at: ExpansionPlace): SpannedValue {
  const { value, spans } = part;
  if (at.values.size > 0) run.room.values -= 1;
  if (run.room.values < 0 || isPlain(value)) return part;
  if (typeof value === 'string') {
    return { value: expandText(run, value, { path: at.path, spans, on: 'value' }, at.values), spans };
  }
  if (Array.isArray(value)) return expandList(run, { value, spans }, at);
  return isJsonObject(value) ? expandMap(run, { value, spans }, at) : part;
}

const isPlain = (value: Json): boolean =>
  typeof value === 'string' ? !value.includes('${') : typeof value !== 'object' || value === null;

function expandText(run: ExpansionRun, written: string, at: TextPlace, values: RangeValues): Json {
  const only = /^\$\{([^{}]*)\}$/.exec(written)?.[1];
  const alone = only === undefined ? undefined : run.variables.get(only);
  const kept = fillVariables(run, written, at);
  if (alone && run.room.characters >= 0) {
    recordEdit(run, at, typeof alone.value === 'string' ? kept : alone.value);
    return alone.value;
  }
  if (kept !== written) recordEdit(run, at, kept);
  return fillRangeValues(run, kept, values, at);
}

type MapPart = { readonly value: { readonly [key: string]: Json }; readonly spans: SpanTree | null };

/** What an expanded map is made of. `ranged`: the keys that a range stands for; they may be written once more. */
type GrowingMap = {
  readonly value: { [key: string]: Json };
  readonly children: Map<string | number, SpanTree>;
  readonly ranged: Set<string>;
};

function expandMap(run: ExpansionRun, { value, spans }: MapPart, at: ExpansionPlace): SpannedValue {
  const grown: GrowingMap = { value: {}, children: new Map(), ranged: new Set() };
  let isSame = true;
  for (const [written, inner] of Object.entries(value)) {
    const own = spans?.children.get(written) ?? null;
    const isOpaque = at.isOpaque || isOpaqueKey(at.path, written);
    const names = expandKey(run, written, { path: [...at.path, written], spans: own, on: 'key' }, at);
    for (const { text, values } of names) {
      const part = expandValue(run, { value: inner, spans: own }, { path: [...at.path, text], values, isOpaque });
      addEntry(run, grown, { key: text, part, isRanged: names.length > 1, at });
      isSame &&= text === written && part.spans === own;
    }
  }
  return { value: grown.value, spans: spans && !isSame ? { ...spans, children: grown.children } : spans };
}

type NewEntry = {
  readonly key: string;
  readonly part: SpannedValue;
  readonly isRanged: boolean;
  readonly at: ExpansionPlace;
};

function addEntry(run: ExpansionRun, grown: GrowingMap, { key, part, isRanged, at }: NewEntry): void {
  const place = part.spans?.key ?? { path: [...at.path, key], on: 'key' as const };
  if (RESERVED_KEYS.has(key)) {
    run.diagnostics.push(makeDiagnostic('reserved-key', place, `"${key}" cannot be a key`));
    return;
  }
  const isRepeated = Object.hasOwn(grown.value, key);
  if (isRepeated && !isRanged && !grown.ranged.has(key)) {
    const message = `"${key}" is written twice, once with a variable`;
    run.diagnostics.push(makeDiagnostic('duplicate-key', place, message));
    return;
  }
  const before = { value: grown.value[key] ?? null, spans: grown.children.get(key) ?? null };
  const report = (conflict: ReturnType<typeof makeDiagnostic>) => run.diagnostics.push(conflict);
  const merged = isRepeated ? mergeValues(before, part, { path: [...at.path, key], report }) : part;
  grown.value[key] = merged.value;
  if (merged.spans) grown.children.set(key, merged.spans);
  if (isRanged) grown.ranged.add(key);
}

/** The keys that a key stands for: itself, or one for each value of its ranges. */
function expandKey(run: ExpansionRun, written: string, at: TextPlace, around: ExpansionPlace): readonly RangeCopy[] {
  if (!written.includes('{')) return [{ text: written, values: around.values }];
  const wrong = run.failed.length;
  const kept = fillVariables(run, written, at);
  if (kept !== written) recordEdit(run, at, kept);
  const copies = expandRanged(run, kept, at, around) ?? [
    { text: fillRangeValues(run, kept, around.values, at), values: around.values },
  ];
  // What could not be filled in is known below by the key that it gave.
  if (run.failed.length > wrong) run.failed.push(...copies.map(({ text }) => [...around.path, text]));
  return copies;
}

function expandList(
  run: ExpansionRun,
  { value, spans }: { readonly value: readonly Json[]; readonly spans: SpanTree | null },
  at: ExpansionPlace,
): SpannedValue {
  const items: Json[] = [];
  const children = new Map<string | number, SpanTree>();
  let isSame = true;
  for (const [i, item] of value.entries()) {
    const own = spans?.children.get(i) ?? null;
    for (const part of expandItem(run, { value: item, spans: own }, { ...at, path: [...at.path, items.length] })) {
      if (part.spans) children.set(items.length, part.spans);
      isSame &&= items.length === i && part.spans === own;
      items.push(part.value);
    }
  }
  return { value: items, spans: spans && !isSame ? { ...spans, children } : spans };
}

/** The items that an item of a list stands for: a text with a range makes several. */
function expandItem(run: ExpansionRun, part: SpannedValue, at: ExpansionPlace): readonly SpannedValue[] {
  if (typeof part.value !== 'string' || !mayHaveRange(part.value)) return [expandValue(run, part, at)];
  const place: TextPlace = { path: at.path, spans: part.spans, on: 'value' };
  const kept = fillVariables(run, part.value, place);
  const wrong = run.failed.length;
  const copies = expandRanged(run, kept, place, at);
  if (!copies) return [expandValue(run, part, at)];
  if (run.failed.length > wrong)
    run.failed.push(...copies.map((_, i) => [...at.path.slice(0, -1), Number(at.path.at(-1)) + i]));
  if (kept !== part.value) recordEdit(run, place, kept);
  return copies.map(({ text }) => ({ value: text, spans: part.spans }));
}

/** The copies of a text with ranges; null: it has none that can be used, and what is wrong with those was said. */
function expandRanged(
  run: ExpansionRun,
  kept: string,
  at: TextPlace,
  { values, isOpaque }: ExpansionPlace,
): readonly RangeCopy[] | null {
  if (isOpaque || !mayHaveRange(kept)) return null;
  const found = findRanges(kept);
  const ranges = found.filter((one): one is NameRange => 'items' in one);
  for (const one of found) reportRange(run, kept, one, at);
  if (ranges.length === 0 || ranges.length < found.length) return null;
  run.room.values -= countCopies(ranges);
  if (run.room.values < 0) return null;
  if (at.spans) run.shared.push({ start: at.spans.key?.start ?? at.spans.start, end: at.spans.end });
  return expandRanges(kept, ranges).map((copy) => {
    const all = new Map([...values, ...copy.values]);
    return { text: fillRangeValues(run, copy.text, all, at), values: all };
  });
}

function reportRange(run: ExpansionRun, kept: string, one: ReturnType<typeof findRanges>[number], at: TextPlace): void {
  const place = locateReference(run, kept.slice(one.start, one.end), at);
  if ('problem' in one) {
    run.failed.push(at.path);
    run.diagnostics.push(makeDiagnostic('bad-value', place, one.problem));
  } else if (one.name !== null && run.variables.has(one.name)) {
    const message = `the range "${one.name}" has the name of a variable`;
    run.diagnostics.push(makeDiagnostic('bad-name', place, message, { hint: 'give one of them another name' }));
  }
}

/** Whether a key holds what is passed on as it is: the configuration of a plugin, a command, the text of a file. */
const isOpaqueKey = (parent: Path, key: string): boolean =>
  parent.length === 0
    ? key === 'cni' || key === 'vars'
    : parent.length >= (parent[0] === 'namespaces' ? 4 : 3) && OPAQUE_KEYS.has(key);

const OPAQUE_KEYS: ReadonlySet<string> = new Set(['command', 'content', 'records', 'cni']);

/** Says that ranges stand for more than a file may have; null: they do not. */
export const expansionLimit = ({ room }: ExpansionRun): ReturnType<typeof makeDiagnostic> | null =>
  room.values >= 0
    ? null
    : makeDiagnostic('file-limit', null, `the ranges stand for more than ${MAX_VALUES} values, the most that is read`);
