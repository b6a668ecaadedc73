import type { CheckDoc } from '../model/diagnostics/check-doc.ts';

/** The entry of `file-limit` in docs/checks.md. */
export const fileLimitDoc: CheckDoc = {
  name: 'file-limit',
  code: 'NF1001',
  title: 'File too large',
  explain:
    'A topology has at most 1 MiB, 50,000 keys and 64 levels of nesting, and its aliases expand to at most 100,000 values. The limits keep it cheap to read a file from an untrusted source.',
  bad: null,
  good: null,
};

/** The entry of `file-encoding` in docs/checks.md. */
export const fileEncodingDoc: CheckDoc = {
  name: 'file-encoding',
  code: 'NF1002',
  title: 'File is not text',
  explain: 'A topology is UTF-8 text without control characters. Convert a file in another encoding.',
  bad: null,
  good: null,
};

/** The entry of `yaml-syntax` in docs/checks.md. */
export const yamlSyntaxDoc: CheckDoc = {
  name: 'yaml-syntax',
  code: 'NF1003',
  title: 'Invalid YAML',
  explain:
    'The text cannot be parsed as YAML: a bracket or a quote is not closed, the indentation is inconsistent, or a tab indents. Files of CNI are JSON, which is stricter.',
  bad: `
namespaces:
  red: { interfaces: { eth0: 10.0.0.1/24 }
`,
  good: `
namespaces:
  red: { interfaces: { lo: 10.0.0.1/32 } }
`,
};

/** The entry of `yaml-feature` in docs/checks.md. */
export const yamlFeatureDoc: CheckDoc = {
  name: 'yaml-feature',
  code: 'NF1004',
  title: 'Unsupported YAML feature',
  explain:
    'Tags (`!!str`), directives, merge keys (`<<`), several documents in one file, and keys that are not text are rejected: they make a file mean something other than what it shows.',
  bad: `
namespaces:
  red: !!map {}
`,
  good: `
namespaces:
  red: {}
`,
};
