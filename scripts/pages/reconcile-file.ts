import { stringify } from 'yaml';
import { isJsonObject, type Json, type Spec } from '../../src/model/json.ts';

/** docs/reconcile-file.md, from the JSON Schema of reconcile files. */
export const reconcileFilePage = (schema: Spec): string => `# The reconcile file

\`/etc/netform/reconcile.d/NAME.yaml\` says what [\`netform reconcile\`](gitops.md) follows on this machine. It belongs to
root, no other user can write it or a folder above it, and it never stands in the repository: it is what the machine allows.
Only \`version\` and \`source\` are required. The page is generated from \`schemas/reconcile.schema.json\`, with which
netform checks the file.

| key | meaning | if left out | example |
|---|---|---|---|
${rowsOf(schema, '').join('\n')}
`;

function rowsOf(object: Spec, before: string): readonly string[] {
  const { properties } = object;
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, value]) => {
    if (!isJsonObject(value)) return [];
    const name = `${before}${key}`;
    const inner = isJsonObject(value['items']) ? rowsOf(value['items'], `${name}[].`) : rowsOf(value, `${name}.`);
    return [rowOf(name, value), ...inner];
  });
}

function rowOf(name: string, value: Spec): string {
  const { description, examples } = value;
  const example = Array.isArray(examples) ? examples[0] : undefined;
  const otherwise = 'default' in value ? code(value['default']) : '';
  return `| ${[`\`${name}\``, cell(String(description ?? '')), otherwise, example === undefined ? '' : code(example)].join(' | ')} |`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** A value as it is written in a file, on one line. */
const code = (value: Json | undefined): string =>
  `\`${cell(stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim())}\``;
