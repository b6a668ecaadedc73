import type { Json, Spec } from '../../model/json.ts';
import { fileUri } from './file-uri.ts';
import { type Finding, findingText } from './finding.ts';

/** The program that made the findings. `homepage`: where its documentation is; left out: not published. */
export type SarifTool = { readonly version: string; readonly homepage?: string };

/** Findings in the Static Analysis Results Interchange Format 2.1.0, as code scanning services read it. */
export function sarifLog(findings: readonly Finding[], tool: SarifTool): Spec {
  const rules = [...new Map(findings.map((one) => [one.code, one])).values()].sort((a, b) =>
    a.code < b.code ? -1 : 1,
  );
  const indexOf = new Map(rules.map(({ code }, index) => [code, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'netform',
            version: tool.version,
            semanticVersion: tool.version,
            ...(tool.homepage === undefined ? {} : { informationUri: tool.homepage }),
            rules: rules.map((rule) => sarifRule(rule, tool)),
          },
        },
        columnKind: 'unicodeCodePoints',
        results: findings.map((finding) => sarifResult(finding, indexOf.get(finding.code) ?? -1)),
      },
    ],
  };
}

function sarifRule({ code, check }: Finding, { homepage }: SarifTool): Spec {
  const page = `docs/checks.md#${code.toLowerCase()}-${check}`;
  return {
    id: code,
    name: check.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase()),
    shortDescription: { text: check.replaceAll('-', ' ') },
    help: { text: `${page} explains ${code} ${check}, with an example.` },
    ...(homepage === undefined ? {} : { helpUri: `${homepage.replace(/\/$/, '')}/${page}` }),
  };
}

function sarifResult(finding: Finding, ruleIndex: number): Spec {
  const { code, severity, file, at, related } = finding;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: findingText(finding) },
    locations: [sarifLocation(file, at)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, id) => ({
            id,
            ...sarifLocation(one.file, one.at),
            message: { text: one.message },
          })),
        }),
  };
}

/** One without a place is about the whole file. */
function sarifLocation(file: string, at: Finding['at']): { readonly [key: string]: Json } {
  const region = at && { startLine: at.line, startColumn: at.column, endColumn: at.column + at.length };
  return {
    physicalLocation: {
      artifactLocation: { uri: fileUri(file) },
      ...(region ? { region } : {}),
    },
  };
}
