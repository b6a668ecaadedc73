import type { CheckDoc } from '../checks/check.ts';
import { engineDocs } from '../checks/diagnostics/engine.ts';
import { sourceDocs } from '../checks/diagnostics/source.ts';
import { topologyDocs } from '../checks/diagnostics/topology.ts';
import { type CheckName, checkCodes } from '../model/diagnostics/check-codes.ts';
import { labChecks, machineChecks } from './checks.ts';

/** Every check of netform, in the order of the codes. */
export function checkDocs(): readonly CheckDoc[] {
  const order = Object.keys(checkCodes);
  return [...sourceDocs, ...topologyDocs, ...labChecks, ...engineDocs, ...machineChecks].toSorted(
    (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
  );
}

/** The text of docs/checks.md. */
export function checksPage(): string {
  return [
    '# Checks',
    '',
    'Everything that netform says about a topology before it touches anything. `validate` makes the checks NF1xxx and',
    'NF2xxx and never looks at the machine; `plan` and `apply` make those of NF3xxx too. All mistakes are reported in one run;',
    'an error ends it with exit code 3 (7 when an unmanaged object is in the way), a warning does not.',
    '',
    'The examples leave out `version: 1` and `name:`. This page is generated from `src/checks`.',
    ...SECTIONS.flatMap(({ prefix, title }) => [
      '',
      `## ${title}`,
      ...checkDocs()
        .filter(({ name }) => checkCodes[name].startsWith(prefix))
        .flatMap(entry),
    ]),
    '',
  ].join('\n');
}

const SECTIONS = [
  { prefix: 'NF1', title: 'The text of the file' },
  { prefix: 'NF2', title: 'What the file says' },
  { prefix: 'NF3', title: 'The file against this machine' },
];

function entry({ name, title, explain, bad, good }: CheckDoc): readonly string[] {
  return [
    '',
    `### ${codeOf(name)} ${name}`,
    '',
    `**${title}.** ${explain}`,
    ...(bad === null ? [] : ['', 'Wrong:', '', ...fenced(bad)]),
    ...(good === null ? [] : ['', 'Right:', '', ...fenced(good)]),
  ];
}

const codeOf = (name: CheckName): string => checkCodes[name];
const fenced = (yaml: string): readonly string[] => ['```yaml', yaml.trim(), '```'];
