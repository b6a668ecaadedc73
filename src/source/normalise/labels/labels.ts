import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import {
  DEFAULT_PROJECT,
  GROUP_WORDS,
  type Labels,
  type TopologyLabels,
  type TopologyProject,
} from '../../../model/lab-parts/selector.ts';
import type { TopologyValue } from '../../../model/topology.ts';
import {
  childCursor,
  keyOfCursor,
  namedEntries,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { quoteText } from '../address-errors.ts';
import { nameHint, nameProblem } from '../name.ts';

/** `labels` and `project` of a namespace. */
export const readNetnsLabels = (node: SourceCursor, report: SourceDiagnosticReporter): TopologyLabels => ({
  labels: readLabels(childCursor(node, 'labels'), report),
  project: readProject(childCursor(node, 'project'), report),
});

/** The entries under `projects`. */
export const readProjects = (node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyProject[] =>
  namedEntries(node).map(({ name, node }) => {
    reportProjectName(name, keyOfCursor(node), report);
    return { name, at: node.path, labels: readLabels(childCursor(node, 'labels'), report) };
  });

/** The name of the project that something belongs to; null: not written, or no name, which is reported. */
export function readProject(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<string> | null {
  const name = readString(node);
  if (name === null || !reportProjectName(name, valueOfCursor(node), report)) return null;
  return { value: name, at: node.path };
}

function reportProjectName(
  name: string,
  at: ReturnType<typeof keyOfCursor>,
  report: SourceDiagnosticReporter,
): boolean {
  const problem = nameProblem(name);
  if (problem) report(makeDiagnostic('bad-name', at, problem, { hint: nameHint(name) }));
  else if (name === GROUP_WORDS.any)
    report(
      makeDiagnostic('bad-name', at, 'the name "any" is reserved', {
        hint: `any stands for every project; leave it out for the project ${DEFAULT_PROJECT}`,
      }),
    );
  return problem === null && name !== GROUP_WORDS.any;
}

/** Names with texts; what is wrong with one is reported, and it is left out. */
export function readLabels(node: SourceCursor, report: SourceDiagnosticReporter): Labels {
  const sound = namedEntries(node).flatMap(({ name, node }) => {
    const value = readString(node);
    if (value === null) return [];
    const wrongKey = labelKeyProblem(name);
    const wrongValue = labelValueProblem(value);
    if (wrongKey) report(makeDiagnostic('bad-label', keyOfCursor(node), ...wrongKey));
    else if (wrongValue) report(makeDiagnostic('bad-label', valueOfCursor(node), ...wrongValue));
    return wrongKey || wrongValue ? [] : [[name, value] as const];
  });
  return Object.fromEntries(sound);
}

type Problem = readonly [message: string, more: { readonly hint: string }];

/** Keys of a map that selects namespaces with another meaning. */
const NO_LABELS: ReadonlySet<string> = new Set(['cidr', 'except', 'project']);

const PART = '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?';
const DOMAIN = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';

const KEY_RULE = 'a label has at most 63 letters, digits, "-", "_" and ".", and may have a domain and "/" in front';
const VALUE_RULE = 'the text of a label has at most 63 letters, digits, "-", "_" and ".", or is empty';

/** What is wrong with the name of a label, as in Kubernetes; null: nothing. */
export function labelKeyProblem(key: string): Problem | null {
  if (NO_LABELS.has(key)) {
    const hint = key === 'project' ? 'write project beside labels' : 'choose another name';
    return [`"${key}" means something else where namespaces are selected, and cannot be a label`, { hint }];
  }
  if (new RegExp(`^(?:${DOMAIN}/)?${PART}$`).test(key)) return null;
  return [`${quoteText(key)} is not the name of a label`, { hint: KEY_RULE }];
}

/** What is wrong with the text of a label; null: nothing. */
export function labelValueProblem(value: string): Problem | null {
  if (new RegExp(`^(?:${PART})?$`).test(value)) return null;
  return [`${quoteText(value)} is not the text of a label`, { hint: VALUE_RULE }];
}
