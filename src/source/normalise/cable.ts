import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Topology, TopologyRef, TopologyValue } from '../../model/topology.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../cursor.ts';
import { quoteText } from './address-errors.ts';
import { NAME_RULE, nameProblem, parseRef } from './name.ts';

const FORM = 'write namespace:interface -- namespace:interface';

/** The entries under `links`: the cables, and of the others the ends that are known, so that nothing is said about those. */
export function readCables(node: SourceCursor, report: SourceDiagnosticReporter): CableReading {
  const read = listItems(node).map((item) => readCable(item, report));
  return {
    cables: read.flatMap(({ cables }) => cables),
    brokenCableEnds: read.flatMap(({ brokenCableEnds }) => brokenCableEnds),
  };
}

type CableReading = Pick<Topology, 'cables' | 'brokenCableEnds'>;

function readCable(node: SourceCursor, report: SourceDiagnosticReporter): CableReading {
  const mtu = childCursor(node, 'mtu');
  const ends = isJsonObject(node.value)
    ? listItems(childCursor(node, 'ends')).map((item) => readEnd(item, report))
    : shortEnds(node, report);
  const [left, right] = nonNull(ends.map((end) => end?.sound ?? null));
  if (left && right) {
    const cable = { at: node.path, ends: [left, right] as const, mtu: withPath(mtu, readInteger(mtu)) };
    return { cables: [cable], brokenCableEnds: [] };
  }
  return { cables: [], brokenCableEnds: nonNull(ends.map((end) => end?.sound?.value ?? end?.near ?? null)) };
}

function shortEnds(node: SourceCursor, report: SourceDiagnosticReporter): readonly (CableEnd | null)[] {
  const written = readString(node);
  if (written === null) return [];
  const parts = written.split(/\s*--\s*/);
  if (parts.length === 2) return parts.map((part) => readEnd({ value: part.trim(), path: node.path }, report));
  const message = `${quoteText(written)} is not a cable between two ends`;
  report(makeDiagnostic('bad-reference', valueOfCursor(node), message, { hint: cableHint(written) }));
  return written.split(/\s+/).map((word) => ({ sound: null, near: parseRef(word) }));
}

/** The cable that a text with another sign between its ends was meant to be, else the form of one. */
function cableHint(written: string): string {
  const ends = written.trim().split(/\s*(?:<?-+>?|[,;=]|→|↔|\bto\b|\s)\s*/);
  return ends.length === 2 && ends.every((end) => parseRef(end)?.part) ? `write ${ends.join(' -- ')}` : FORM;
}

/** `sound`: an interface of a namespace. Else `near` is what it may be meant to name. */
type CableEnd = { readonly sound: TopologyValue<TopologyRef> | null; readonly near: TopologyRef | null };

function readEnd(node: SourceCursor, report: SourceDiagnosticReporter): CableEnd | null {
  const written = readString(node);
  if (written === null) return null;
  const ref = parseRef(written);
  if (ref?.part) return { sound: withPath(node, ref), near: null };
  const [message, hint] = endProblem(written, ref);
  report(makeDiagnostic('bad-reference', valueOfCursor(node), message, { hint }));
  return { sound: null, near: ref ?? parseRef(written.split(':')[0] ?? '') };
}

/** Why a text is not an end of a cable, and what to write. */
function endProblem(written: string, ref: TopologyRef | null): readonly [string, string] {
  if (ref) return [`the end ${written} does not say which interface`, `write ${written}:eth0`];
  const parts = written.split(':');
  const wrong = parts.findIndex((part) => nameProblem(part) !== null);
  if (parts.length !== 2 || wrong < 0) return [`${quoteText(written)} is not an end of a cable`, FORM];
  const what = wrong === 0 ? 'namespace' : 'interface';
  return [`the ${what} of the end ${quoteText(written)}: ${nameProblem(parts[wrong] ?? '')}`, NAME_RULE];
}

/** The entry of `bad-reference` in docs/checks.md. */
export const badReferenceDoc: CheckDoc = {
  name: 'bad-reference',
  code: 'NF1015',
  title: 'Invalid reference',
  explain: 'A cable, or a name that refers to an interface or a bridge, is not of the form `name` or `name:part`.',
  bad: `
namespaces: { a: {}, b: {} }
links: [ "a:eth0 - b:eth0" ]
`,
  good: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1/24 } }, b: { interfaces: { eth0: 10.0.0.2/24 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
};
