import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { TopologyCable, TopologyRef, TopologyValue } from '../../model/topology.ts';
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
import { parseRef } from './name.ts';

const FORM = 'write namespace:interface -- namespace:interface';

/** The entries under `links`. */
export function readCables(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyCable[] {
  return nonNull(listItems(node).map((item) => readCable(item, report)));
}

function readCable(node: SourceCursor, report: SourceDiagnosticReporter): TopologyCable | null {
  const mtu = childCursor(node, 'mtu');
  const ends = isJsonObject(node.value) ? longEnds(childCursor(node, 'ends'), report) : shortEnds(node, report);
  return ends && { at: node.path, ends, mtu: withPath(mtu, readInteger(mtu)) };
}

function shortEnds(node: SourceCursor, report: SourceDiagnosticReporter): TopologyCable['ends'] | null {
  const written = readString(node);
  if (written === null) return null;
  const parts = written.split(/\s*--\s*/);
  if (parts.length !== 2) {
    const message = `${quoteText(written)} is not a cable between two ends`;
    report(makeDiagnostic('bad-reference', valueOfCursor(node), message, { hint: FORM }));
    return null;
  }
  return pairEnds(parts.map((part) => readEnd({ value: part.trim(), path: node.path }, report)));
}

function longEnds(node: SourceCursor, report: SourceDiagnosticReporter): TopologyCable['ends'] | null {
  return pairEnds(listItems(node).map((item) => readEnd(item, report)));
}

const pairEnds = ([left, right]: readonly (TopologyValue<TopologyRef> | null)[]): TopologyCable['ends'] | null =>
  left && right ? [left, right] : null;

function readEnd(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<TopologyRef> | null {
  const written = readString(node);
  if (written === null) return null;
  const ref = parseRef(written);
  if (ref?.part) return withPath(node, ref);
  const message = ref
    ? `the end ${written} does not say which interface`
    : `${quoteText(written)} is not an end of a cable`;
  report(makeDiagnostic('bad-reference', valueOfCursor(node), message, { hint: ref ? `write ${written}:eth0` : FORM }));
  return null;
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
