import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { Impairment } from '../../model/kernel/impairment.ts';
import { IMPAIRMENT_WORDS, impairmentContradictions, impairmentOf, parseImpairmentWord } from '../../net/impairment.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  namedEntries,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { parseRef } from '../../source/normalise/name.ts';
import type { TopologyCableImpairment, TopologyImpairment } from './topology.ts';

/** `impair` of the interfaces of a namespace. */
export const readInterfaceImpairments = (
  interfaces: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologyImpairment[] =>
  namedEntries(interfaces).flatMap(({ name, node }) => {
    const written = childCursor(node, 'impair');
    const impairment = readImpairment(written, report);
    return impairment ? [{ dev: name, impairment, at: written.path }] : [];
  });

/** `impair` of the cables. The short form of a cable, a text, has none. */
export const readCableImpairments = (
  links: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologyCableImpairment[] =>
  listItems(links).flatMap((node) => {
    const written = childCursor(node, 'impair');
    const impairment = readImpairment(written, report);
    const ends = nonNull(
      listItems(childCursor(node, 'ends')).map((end) => withPath(end, parseRef(readString(end) ?? ''))),
    );
    return impairment ? [{ ends, impairment, at: written.path }] : [];
  });

/** Null when nothing is written, or nothing of it can be read. */
function readImpairment(node: SourceCursor, report: SourceDiagnosticReporter): Impairment | null {
  if (!isJsonObject(node.value)) return null;
  const values: Partial<Record<keyof Impairment, number>> = {};
  let isSound = true;
  for (const word of IMPAIRMENT_WORDS) {
    const at = childCursor(node, word);
    const text = readString(at);
    if (text === null) continue;
    const read = parseImpairmentWord(word, text);
    if ('value' in read) values[word] = read.value;
    else {
      isSound = false;
      const message = `${word} ${JSON.stringify(text)} ${read.problem}`;
      report(makeDiagnostic('bad-impairment', valueOfCursor(at), message, { hint: read.hint }));
    }
  }
  const impairment = impairmentOf(values);
  if (!isSound) return null;
  for (const { word, problem, hint } of impairmentContradictions(impairment)) {
    isSound = false;
    report(makeDiagnostic('bad-impairment', keyOfCursor(childCursor(node, word)), `${word}: ${problem}`, { hint }));
  }
  return isSound ? impairment : null;
}

/** The entry of `bad-impairment` in docs/checks.md. */
export const badImpairmentDoc: CheckDoc = {
  name: 'bad-impairment',
  code: 'NF1040',
  title: 'An impairment that means nothing',
  explain:
    'A word of `impair` is not a time, a percentage or a rate, is zero, or needs another word: jitter and reordering need a delay.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, impair: { jitter: 2ms, loss: "101%" } } } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, impair: { delay: 20ms, jitter: 2ms, loss: "1%" } } } } }
`,
};
