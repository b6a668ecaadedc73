import type { CheckDoc } from '../../src/model/diagnostics/check-doc.ts';
import { labChecks, machineChecks } from '../../src/registry/checks.ts';
import { checkEntries } from './check-entries.ts';

/** Every check of netform, in the order of the codes. */
export const checkDocs = (): readonly CheckDoc[] =>
  [...checkEntries, ...labChecks, ...machineChecks].toSorted((a, b) => (a.code < b.code ? -1 : 1));

/** The text of docs/checks.md. */
export function checksPage(): string {
  return [
    '# Checks',
    '',
    'Everything that netform says about a topology before it touches anything. `validate` makes the checks NF1xxx and',
    'NF2xxx and never looks at the machine; `plan` and `apply` make those of NF3xxx too. All mistakes are reported in one run;',
    'an error ends it with exit code 3 (7 when an unmanaged object is in the way), a warning does not.',
    '',
    'The examples leave out `version: 1` and `name:`. This page is generated from the checks.',
    ...SECTIONS.flatMap(({ prefix, title }) => [
      '',
      `## ${title}`,
      ...checkDocs()
        .filter(({ code }) => code.startsWith(prefix))
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

function entry({ name, code, title, explain, bad, good }: CheckDoc): readonly string[] {
  return [
    '',
    `### ${code} ${name}`,
    '',
    `**${title}.** ${explain}`,
    ...(bad === null ? [] : ['', 'Wrong:', '', ...fenced(bad)]),
    ...(good === null ? [] : ['', 'Right:', '', ...fenced(good)]),
  ];
}

const fenced = (yaml: string): readonly string[] => ['```yaml', yaml.trim(), '```'];
