import { type CheckName, codes } from '../model/codes.ts';
import type { Documented } from './check.ts';
import { labChecks, machineChecks } from './index.ts';
import { elaborationDocs } from './of-elaboration.ts';
import { engineDocs } from './of-engine.ts';
import { sourceDocs } from './of-source.ts';

/** Every check of netform, in the order of the codes. */
export function documentedChecks(): readonly Documented[] {
  const order = Object.keys(codes);
  return [...sourceDocs, ...elaborationDocs, ...labChecks, ...engineDocs, ...machineChecks].toSorted(
    (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
  );
}

/** The text of docs/checks.md. */
export function checksPage(): string {
  return [
    '# Checks',
    '',
    'Everything that netform says about a topology before it touches anything. `validate` makes the checks NF1xxx and',
    'NF2xxx and never looks at the machine; `plan` and `apply` make those of NF3xxx too. All mistakes are told in one run;',
    'an error ends it with exit code 3 (7 when an object of somebody else is in the way), a warning does not.',
    '',
    'The examples leave out `version: 1` and `name:`. This page is generated from `src/checks`.',
    ...SECTIONS.flatMap(({ prefix, title }) => [
      '',
      `## ${title}`,
      ...documentedChecks()
        .filter(({ name }) => codes[name].startsWith(prefix))
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

function entry({ name, title, explain, bad, good }: Documented): readonly string[] {
  return [
    '',
    `### ${codeOf(name)} ${name}`,
    '',
    `**${title}.** ${explain}`,
    ...(bad === null ? [] : ['', 'Wrong:', '', ...fenced(bad)]),
    ...(good === null ? [] : ['', 'Right:', '', ...fenced(good)]),
  ];
}

const codeOf = (name: CheckName): string => codes[name];
const fenced = (yaml: string): readonly string[] => ['```yaml', yaml.trim(), '```'];
