import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  Parser,
  type YAMLError,
} from 'yaml';
import { type Diagnostic, makeDiagnostic } from '../model/diagnostics/diagnostic.ts';
import type { Path } from '../model/diagnostics/source-location.ts';
import type { Json } from '../model/json.ts';
import { closestMatch } from '../net/closest-match.ts';
import { checkTextLimits, MAX_DEPTH, MAX_VALUES } from './decode.ts';
import type { Span, SpanTree } from './locate.ts';
import { keyDiagnostic, keyName, RESERVED_KEYS } from './mistakes/document-keys.ts';
import { createPreScanner } from './pre-scan.ts';
import { explainYamlError } from './yaml-errors.ts';

/** A text as JSON, and where each part of it stands. `value` is null and `spans` too when the text cannot be read. */
export type SourceDocument = {
  readonly value: Json;
  readonly spans: SpanTree | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Places whose value is not what is written there, because that cannot be used. */
  readonly refused: readonly Path[];
  /** Whether all of the text was read. */
  readonly isWhole: boolean;
};

/**
 * Reads YAML 1.2 (core schema) of one document without tags, directives and merge keys, within limits. Never throws:
 * whatever is wrong, the parser's own failures included, is a diagnostic.
 */
export function readDocument(text: string): SourceDocument {
  const limits = checkTextLimits(text);
  if (limits.length > 0) return unreadableDocument(limits);
  try {
    const { documents, found } = composeDocuments(text);
    const [first, second] = documents;
    if (found) return unreadableDocument([found]);
    const error = first?.errors[0];
    if (error) return unreadableDocument([syntaxDiagnostic(text, error)]);
    if (second) {
      const [start] = second.range;
      const message = 'a second document begins here; a topology is one document';
      const hint = 'leave out this line, or keep one of the documents';
      return unreadableDocument([makeDiagnostic('yaml-feature', { start, end: start + 3 }, message, { hint })]);
    }
    return first ? convertDocument(text, first) : unreadableDocument([]);
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return unreadableDocument([makeDiagnostic('yaml-syntax', null, `the YAML cannot be read: ${message}`)]);
  }
}

/** A text in its smallest pieces. One that is `SCALAR` says that the next is a value, whatever it begins with. */
export const lexemes = (text: string): Iterable<string> => new Lexer().lex(text);
export const SCALAR_LEXEME = '\u001f';

const unreadableDocument = (diagnostics: readonly Diagnostic[]): SourceDocument => ({
  value: null,
  spans: null,
  diagnostics,
  refused: [],
  isWhole: diagnostics.length === 0,
});

function composeDocuments(text: string): {
  readonly documents: readonly Document.Parsed[];
  readonly found: Diagnostic | null;
} {
  const scan = createPreScanner();
  const parser = new Parser();
  // Repeated keys are found by `convert`: the library compares every key with every other one.
  const composer = new Composer({ schema: 'core', uniqueKeys: false, prettyErrors: false });
  let found: Diagnostic | null = null;
  const tokens = function* () {
    for (const lexeme of new Lexer().lex(text)) {
      found = scan(lexeme);
      if (found) return;
      yield* parser.next(lexeme);
    }
    yield* parser.end();
  };
  const documents = withoutStacks(() => [...composer.compose(tokens(), true, text.length)]);
  return { documents, found };
}

/** The library makes an error of every mistake; most of what that costs is a stack that nothing reads. */
function withoutStacks<T>(body: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return body();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function syntaxDiagnostic(text: string, error: YAMLError): Diagnostic {
  const { message, hint, at = { start: error.pos[0], end: error.pos[1] } } = explainYamlError(text, error);
  return makeDiagnostic('yaml-syntax', at, message, { hint });
}

type DocumentConversion = {
  readonly text: string;
  readonly report: (diagnostic: Diagnostic) => void;
  /** Takes a place whose value cannot be used. */
  readonly refuse: (path: Path) => void;
  /** What `&name` stands for, as far as the walk has come. */
  readonly anchors: Map<string, SizedNode>;
  /** How many values aliases stand for so far. */
  values: number;
};

/** `size`: how many values it has when aliases are followed. */
type SizedNode = { readonly value: Json; readonly spans: SpanTree; readonly size: number };

function convertDocument(text: string, document: Document.Parsed): SourceDocument {
  const diagnostics: Diagnostic[] = [];
  const refused: Path[] = [];
  const walk: DocumentConversion = {
    text,
    report: (one) => diagnostics.push(one),
    refuse: (path) => refused.push(path),
    anchors: new Map(),
    values: 0,
  };
  const part = convertNode(walk, document.contents, { key: null, path: [] });
  const isWhole = diagnostics.every(({ check }) => check !== 'file-limit');
  return { value: part.value, spans: part.spans, diagnostics, refused, isWhole };
}

type NodePosition = { readonly key: Span | null; readonly path: Path };

function convertNode(walk: DocumentConversion, node: unknown, where: NodePosition): SizedNode {
  if (isAlias(node)) return resolveAlias(walk, node.source, { ...where, span: toSpan(node.range) });
  const collection = isMap(node) || isSeq(node);
  if (!collection && !isScalar(node)) return leaf(null, where.key ?? { start: 0, end: 0 }, where.key);
  const span = toSpan(node.range);
  if (collection && where.path.length >= MAX_DEPTH) {
    walk.report(makeDiagnostic('file-limit', span, `the file is nested more than ${MAX_DEPTH} levels deep`));
    return leaf(null, span, where.key);
  }
  const part = isScalar(node)
    ? leaf(convertScalar(walk, node.value, { span, path: where.path }), span, where.key)
    : isMap(node)
      ? convertMap(walk, node.items, { ...where, span })
      : convertSequence(walk, node.items, { ...where, span });
  if (node.anchor) walk.anchors.set(node.anchor, part);
  return part;
}

function convertMap(
  walk: DocumentConversion,
  pairs: readonly Pair[],
  where: NodePosition & { readonly span: Span },
): SizedNode {
  const value: { [key: string]: Json } = {};
  const spans = collectionSpans(where);
  let size = 1;
  for (const pair of pairs) {
    const key = isScalar(pair.key) ? pair.key.value : undefined;
    const keySpan = toSpan(isScalar(pair.key) || isMap(pair.key) || isSeq(pair.key) ? pair.key.range : null);
    const name = keyName(key);
    const path = name === null ? where.path : [...where.path, name];
    const refusal = keyDiagnostic(key, keySpan, { spans, path: where.path });
    if (refusal) walk.report(refusal);
    if (refusal && refusal.check !== 'duplicate-key') walk.refuse(path);
    if (name === null || RESERVED_KEYS.has(name) || spans.children.has(name)) continue;
    const part = convertNode(walk, pair.value, { key: keySpan, path });
    value[name] = part.value;
    spans.children.set(name, part.spans);
    size += part.size;
  }
  return { value, spans, size };
}

function convertSequence(
  walk: DocumentConversion,
  items: readonly unknown[],
  where: NodePosition & { readonly span: Span },
): SizedNode {
  const spans = collectionSpans(where);
  const parts = items.map((item, i) => convertNode(walk, item, { key: null, path: [...where.path, i] }));
  for (const [i, part] of parts.entries()) spans.children.set(i, part.spans);
  return { value: parts.map((part) => part.value), spans, size: parts.reduce((sum, part) => sum + part.size, 1) };
}

function resolveAlias(walk: DocumentConversion, name: string, at: NodePosition & { readonly span: Span }): SizedNode {
  const target = walk.anchors.get(name);
  const spans: SpanTree = { ...at.span, key: at.key, form: 'alias', children: target?.spans.children ?? new Map() };
  walk.values += target?.size ?? 0;
  if (target && walk.values <= MAX_VALUES) return { value: target.value, spans, size: target.size };
  walk.refuse(at.path);
  const near = target ? null : closestMatch(name, walk.anchors.keys());
  const hint = near === null ? `write &${name} at the value that is meant` : `did you mean *${near}?`;
  if (!target) walk.report(makeDiagnostic('yaml-syntax', at.span, `no &${name} stands before this *${name}`, { hint }));
  else if (walk.values - target.size <= MAX_VALUES) {
    walk.report(makeDiagnostic('file-limit', at.span, `the aliases stand for more than ${MAX_VALUES} values`));
  }
  return { value: null, spans, size: 1 };
}

/** How every reader of YAML understands it: neither octal nor hexadecimal, no exponent. */
const DECIMAL_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

function convertScalar(
  walk: DocumentConversion,
  value: unknown,
  { span, path }: { readonly span: Span; readonly path: Path },
): Json {
  if (typeof value !== 'number') return typeof value === 'string' || typeof value === 'boolean' ? value : null;
  const written = walk.text.slice(span.start, span.end);
  const isUsable = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (isUsable && DECIMAL_NUMBER.test(written)) return value;
  walk.refuse(path);
  const message = isUsable
    ? `${written} is read as ${value} by some programs and as another number by others`
    : `${written} is not a number that can be used`;
  const hint = isUsable ? `write ${value}, or put it in quotes if it is text` : null;
  walk.report(makeDiagnostic('bad-value', span, message, { hint }));
  return 0;
}

const leaf = (value: Json, { start, end }: Span, key: Span | null): SizedNode => ({
  value,
  spans: { start, end, key, form: 'scalar', children: NO_CHILDREN },
  size: 1,
});

/** Of every scalar the same: a large file has tens of thousands of them. */
const NO_CHILDREN: SpanTree['children'] = new Map();

type GrowingSpans = SpanTree & { readonly children: Map<string | number, SpanTree> };

const collectionSpans = ({ span: { start, end }, key }: NodePosition & { readonly span: Span }): GrowingSpans => ({
  ...{ start, end, key, form: 'collection' },
  children: new Map(),
});

const toSpan = (range: readonly [number, number, number] | null | undefined): Span => ({
  start: range?.[0] ?? 0,
  end: range?.[1] ?? 0,
});
