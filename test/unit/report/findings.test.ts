import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { anchor } from '../../../scripts/pages/markdown.ts';
import { checkCodes } from '../../../src/model/diagnostics/check-codes.ts';
import type { Spec } from '../../../src/model/json.ts';
import { type Finding, listFindings } from '../../../src/report/findings/finding.ts';
import { githubCommands } from '../../../src/report/findings/github.ts';
import { codeQuality } from '../../../src/report/findings/gitlab.ts';
import { sarifLog } from '../../../src/report/findings/sarif.ts';
import { diagnose } from '../../support/diagnose.ts';
import { repository } from '../../support/machine.ts';

const SCHEMA = JSON.parse(readFileSync(join(import.meta.dirname, 'sarif-2.1.0.schema.json'), 'utf8'));
const isUri = (text: string): boolean => URL.canParse(text);
const isUriReference = (text: string): boolean => !/[^\w\-.~:/?#[\]@!$&'()*+,;=%]|%(?![0-9A-F]{2})/.test(text);
const formats = { uri: isUri, 'uri-reference': isUriReference, 'date-time': () => false };
const validateSarif = new Ajv({ strict: false, unicodeRegExp: false, formats }).compile(SCHEMA);

const BROKEN = `version: 1
name: shop
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lam } } }
  blue: { interfaces: { eth0: { bridge: lan, address: 10.0.0.9 }, eth1: { bridge: lan, address: 10.0.0.9 } } }
`;

function findingsIn(text: string, file = 'lab.yaml'): readonly Finding[] {
  const { diagnostics, loaded } = diagnose(text, { file, live: null });
  return listFindings(diagnostics, { ...loaded, file, text });
}

const BASE: Finding = {
  ...{ code: 'NF1008', check: 'unknown-key', severity: 'error', message: 'unknown key "a"', hint: null },
  ...{ foreign: false, file: 'lab.yaml', at: { line: 3, column: 5, length: 2 }, related: [] },
};

const HOSTILE: readonly Finding[] = [
  { ...BASE, file: './labs/é a%:,b#?.yaml', message: '100% of\r\n::error::it', hint: 'a\nb', severity: 'warning' },
  { ...BASE, file: '/srv/lab.yaml', at: null },
  { ...BASE, file: '\ud800.yaml', related: [{ file: 'p.yaml', at: { line: 1, column: 1, length: 0 }, message: 'x' }] },
];

function sarifMistakes(log: Spec): readonly string[] {
  validateSarif(JSON.parse(JSON.stringify(log)));
  return (validateSarif.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

type SarifRun = {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly helpUri?: string }[] } };
  readonly results: readonly Spec[];
};
const runOf = (log: Spec): SarifRun => (log['runs'] as unknown as readonly [SarifRun])[0];

test('SARIF is as its schema says, whatever the findings are', () => {
  const about = { version: '0.1.0', homepage: 'https://example.com/netform' };
  for (const findings of [[], [BASE], findingsIn(BROKEN), HOSTILE])
    expect(sarifMistakes(sarifLog(findings, about))).toEqual([]);
  expect(sarifMistakes({ ...sarifLog([BASE], about), version: '2.0.0' })).not.toEqual([]);
  expect(sarifMistakes(sarifLog([{ ...BASE, at: { line: 0, column: 1, length: 1 } }], about))).not.toEqual([]);
});

test('a result of SARIF names its rule, the lines of its places, and those that explain it', () => {
  const { tool, results } = runOf(sarifLog(findingsIn(BROKEN), { version: '0.1.0' }));
  expect(tool.driver.rules.map(({ id }) => id)).toEqual(['NF2003', 'NF2101']);
  expect(results).toMatchObject([
    { ruleId: 'NF2003', ruleIndex: 0, level: 'error', locations: [{ physicalLocation: { region: { startLine: 5 } } }] },
    {
      ...{ ruleId: 'NF2101', ruleIndex: 1 },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'lab.yaml' }, region: { startLine: 6, startColumn: 97 } } },
      ],
      relatedLocations: [{ id: 0, physicalLocation: { region: { startLine: 6, startColumn: 55 } } }],
    },
  ]);
});

test('every rule of SARIF leads to a heading of docs/checks.md', () => {
  const headings = [...readFileSync(join(repository, 'docs/checks.md'), 'utf8').matchAll(/^#+ (.*)$/gm)];
  const anchors = new Set(headings.map((match) => anchor(match[1] ?? '')));
  const all = Object.entries(checkCodes).map(([check, code]) => ({ ...BASE, code, check: check as Finding['check'] }));
  const { rules } = runOf(sarifLog(all, { version: '0.1.0', homepage: 'https://example.com/x/' })).tool.driver;
  expect(rules.length).toBe(all.length);
  for (const { id, helpUri = '' } of rules) {
    const [page, heading = ''] = helpUri.split('#');
    expect(page, id).toBe('https://example.com/x/docs/checks.md');
    expect(anchors, id).toContain(heading);
  }
});

test('a finding is one workflow command on one line, and nothing in it ends it or begins another', () => {
  expect(githubCommands(HOSTILE)).toBe(
    `::warning file=./labs/é a%25%3A%2Cb#?.yaml,line=3,col=5,endColumn=7,title=NF1008 unknown-key::100%25 of\\x0d%0A::error::it%0Aa%0Ab
::error file=/srv/lab.yaml,title=NF1008 unknown-key::unknown key "a"
::error file=\\ud800.yaml,line=3,col=5,endColumn=7,title=NF1008 unknown-key::unknown key "a"
`,
  );
});

test('a finding of code quality keeps its fingerprint when it moves, and two never have one', () => {
  const prints = (findings: readonly Finding[]) => codeQuality(findings).map(({ fingerprint }) => fingerprint);
  const moved = findingsIn(BROKEN.replace('bridges:', '# a line more\nbridges:'));
  expect(prints(moved)).toEqual(prints(findingsIn(BROKEN)));
  expect(moved[0]?.at?.line).toBe(6);
  expect(new Set(prints([BASE, BASE, { ...BASE, file: './lab.yaml' }, { ...BASE, file: 'b.yaml' }])).size).toBe(4);
  expect(codeQuality([{ ...BASE, file: './a/../lab.yaml', at: null }])).toEqual([
    {
      description: 'unknown key "a"',
      check_name: 'NF1008 unknown-key',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      severity: 'major',
      location: { path: 'lab.yaml', lines: { begin: 1 } },
    },
  ]);
});
