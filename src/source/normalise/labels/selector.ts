import type { CheckDoc } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../../model/json.ts';
import type { LabelCondition, TopologySelector } from '../../../model/lab-parts/selector.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  namedEntries,
  nonNull,
  readBoolean,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { type AddressOrRef, nameHint, nameProblem, readAddressOrRef } from '../name.ts';
import { labelKeyProblem, labelValueProblem } from './labels.ts';

/** A map that selects namespaces by their labels and their project; null: it is something else. */
export function readSelector(node: SourceCursor, report: SourceDiagnosticReporter): TopologySelector | null {
  if (!isJsonObject(node.value)) return null;
  const labels = namedEntries(node).filter(({ name }) => name !== 'project');
  return {
    labels: labels.flatMap((entry) => readConditions(entry, report)),
    project: readProjectOfSelector(childCursor(node, 'project'), report),
  };
}

/** An address, the name of something that has one, or what selects namespaces. */
export function readAddressRefOrSelector(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): AddressOrRef | { readonly selector: TopologySelector } | null {
  const selector = readSelector(node, report);
  return selector ? { selector } : readAddressOrRef(node, report);
}

type LabelEntry = { readonly name: string; readonly node: SourceCursor };

/** The conditions of one label: a text, a list with the right texts, `{ not: […] }` or `{ exists: true }`. */
function readConditions(
  { name: label, node }: LabelEntry,
  report: SourceDiagnosticReporter,
): readonly LabelCondition[] {
  const problem = labelKeyProblem(label);
  if (problem) {
    report(makeDiagnostic('bad-label', keyOfCursor(node), ...problem));
    return [];
  }
  if (!isJsonObject(node.value)) return [{ label, in: readValues(node, report) }];
  if (namedEntries(node).length === 0) {
    const message = `the condition on the label ${label} has neither "not" nor "exists"`;
    const hint = `write ${label}: db, ${label}: [db, cache], ${label}: { not: [db] } or ${label}: { exists: true }`;
    report(makeDiagnostic('bad-label', valueOfCursor(node), message, { hint }));
  }
  const [not, exists] = [childCursor(node, 'not'), readBoolean(childCursor(node, 'exists'))];
  return [
    ...(not.value === undefined ? [] : [{ label, notIn: readValues(not, report) }]),
    ...(exists === null ? [] : [{ label, exists }]),
  ];
}

const readValues = (node: SourceCursor, report: SourceDiagnosticReporter): readonly string[] =>
  nonNull(
    listItems(node).map((item) => {
      const value = readString(item);
      const problem = value === null ? null : labelValueProblem(value);
      if (problem) report(makeDiagnostic('bad-label', valueOfCursor(item), ...problem));
      return value;
    }),
  );

function readProjectOfSelector(node: SourceCursor, report: SourceDiagnosticReporter): TopologySelector['project'] {
  if (node.value === undefined) return null;
  if (node.value === 'any') return 'any';
  if (isJsonObject(node.value)) return { labels: namedEntries(node).flatMap((entry) => readConditions(entry, report)) };
  const names = listItems(node).map((item) => {
    const name = readString(item);
    const problem = name === null ? null : nameProblem(name);
    if (problem) report(makeDiagnostic('bad-name', valueOfCursor(item), problem, { hint: nameHint(name ?? '') }));
    return problem ? null : name;
  });
  return { named: nonNull(names) };
}

/** The entry of `bad-label` in docs/checks.md. */
export const badLabelDoc: CheckDoc = {
  name: 'bad-label',
  code: 'NF1019',
  title: 'Invalid label',
  explain:
    'A label, or a condition on one, is not written as Kubernetes writes them: a name of at most 63 letters, digits, `-`, `_` and `.`, perhaps behind a domain and `/`, with a text of the same characters. `cidr`, `except` and `project` mean something else where namespaces are selected, and cannot be labels.',
  bad: `
namespaces:
  db: { labels: { project: shop } }
`,
  good: `
namespaces:
  db: { labels: { shop: "yes" }, project: shop }
`,
};
