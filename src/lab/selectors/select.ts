import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import {
  DEFAULT_PROJECT,
  type LabelCondition,
  type Labels,
  type TopologyLabels,
  type TopologySelector,
} from '../../model/lab-parts/selector.ts';
import type { Topology, TopologyValue } from '../../model/topology.ts';
import { didYouMeanHint } from '../messages.ts';
import type { LabModelInput } from '../model.ts';

/** The project that something belongs to. */
export const projectOf = ({ project }: Pick<TopologyLabels, 'project'>): string => project?.value ?? DEFAULT_PROJECT;

/**
 * The namespaces that a selector means, in the order of the file. `project`: where it looks when it names no project; null:
 * in all of them.
 */
export function selectNamespaces(
  topology: Topology,
  selector: TopologySelector,
  project: string | null,
): readonly string[] {
  const inProject = projectTest(topology, selector, project);
  return topology.namespaces
    .filter((netns) => inProject(projectOf(netns)) && holdsFor(netns.labels, selector.labels))
    .map(({ name }) => name);
}

/** Whether every condition holds for these labels. */
export const holdsFor = (labels: Labels, conditions: readonly LabelCondition[]): boolean =>
  conditions.every((condition) => {
    const value = Object.hasOwn(labels, condition.label) ? labels[condition.label] : undefined;
    if ('exists' in condition) return (value !== undefined) === condition.exists;
    if ('notIn' in condition) return value === undefined || !condition.notIn.includes(value);
    return value !== undefined && condition.in.includes(value);
  });

function projectTest(topology: Topology, { project }: TopologySelector, own: string | null): (name: string) => boolean {
  if (project === 'any' || (project === null && own === null)) return () => true;
  if (project === null) return (name) => name === own;
  if ('named' in project) return (name) => project.named.includes(name);
  const labels = new Map(topology.projects.map((one) => [one.name, one.labels]));
  return (name) => holdsFor(labels.get(name) ?? {}, project.labels);
}

/** Every namespace of the lab, as `any` means them. */
export const EVERY_NAMESPACE: TopologySelector = { labels: [], project: 'any' };

/**
 * The namespaces that a written selector means. Warns where there are none; a project that is not there is an error.
 * `project` as in {@link selectNamespaces}.
 */
export function resolveSelector(
  { topology, report }: Pick<LabModelInput, 'topology' | 'report'>,
  { value, at }: TopologyValue<TopologySelector>,
  project: string | null = null,
): readonly string[] {
  const unknown = unknownProjects(topology, value);
  for (const name of unknown) {
    const known = [...knownProjects(topology)];
    const hint = didYouMeanHint(name, known, 'projects: write project: NAME at a namespace, or projects: at top level');
    report(makeDiagnostic('unknown-project', atValue(at), `there is no project ${name}`, { hint }));
  }
  const found = selectNamespaces(topology, value, project);
  if (found.length === 0 && unknown.length === 0) {
    const hint = selectsNoneHint(topology, value);
    report(
      makeDiagnostic('selects-none', atValue(at), `${selectorText(value)} selects no namespace`, {
        severity: 'warning',
        hint,
      }),
    );
  }
  return found;
}

function knownProjects({ namespaces, projects }: Topology): ReadonlySet<string> {
  return new Set([DEFAULT_PROJECT, ...projects.map(({ name }) => name), ...namespaces.map(projectOf)]);
}

function unknownProjects(topology: Topology, { project }: TopologySelector): readonly string[] {
  if (project === null || project === 'any' || !('named' in project)) return [];
  const known = knownProjects(topology);
  return project.named.filter((name) => !known.has(name));
}

/** The label, or its text, that was probably meant. */
function selectsNoneHint({ namespaces }: Topology, { labels }: TopologySelector): string {
  for (const condition of labels) {
    const { label } = condition;
    const texts = [...new Set(namespaces.flatMap((one) => one.labels[label] ?? []))];
    if (texts.length === 0) {
      const known = [...new Set(namespaces.flatMap((one) => Object.keys(one.labels)))];
      return `no namespace has the label ${label}: ${didYouMeanHint(label, known, 'labels')}`;
    }
    if (!('in' in condition) || condition.in.some((text) => texts.includes(text))) continue;
    return `for ${label} ${didYouMeanHint(condition.in[0] ?? '', texts, 'texts')}`;
  }
  return 'write labels at a namespace, or another selector';
}

/** A selector as it is written: `{ app: db, project: prod }`. */
export function selectorText({ labels, project }: TopologySelector): string {
  const parts = labels.map((condition) => {
    if ('exists' in condition) return `${condition.label}: { exists: ${condition.exists} }`;
    if ('notIn' in condition) return `${condition.label}: { not: [${condition.notIn.join(', ')}] }`;
    return `${condition.label}: ${listText(condition.in)}`;
  });
  const where =
    project === null || project === 'any'
      ? project
      : 'named' in project
        ? listText(project.named)
        : selectorText({ labels: project.labels, project: null });
  const all = where === null ? parts : [`project: ${where}`, ...parts];
  return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`;
}

const listText = (texts: readonly string[]): string =>
  texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;

/** The entry of `selects-none` in docs/checks.md. */
export const selectsNoneDoc: CheckDoc = {
  name: 'selects-none',
  code: 'NF2021',
  title: 'Selector without a namespace',
  explain: 'No namespace has the labels that are asked for.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { labels: { app: db }, interfaces: { eth0: { bridge: lan } } } }
dns: { hosts: { database: { app: bd } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { labels: { app: db }, interfaces: { eth0: { bridge: lan } } } }
dns: { hosts: { database: { app: db } } }
`,
};

/** The entry of `unknown-project` in docs/checks.md. */
export const unknownProjectDoc: CheckDoc = {
  name: 'unknown-project',
  code: 'NF2022',
  title: 'Unknown project',
  explain: 'A selector names a project that no namespace belongs to, and that is not an entry under `projects`.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { project: shop, interfaces: { eth0: { bridge: lan } } } }
dns: { hosts: { database: { project: shoop } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { project: shop, interfaces: { eth0: { bridge: lan } } } }
dns: { hosts: { database: { project: shop } } }
`,
};
