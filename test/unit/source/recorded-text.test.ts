import { expect, test } from 'vitest';
import { loadTopology } from '../../../src/registry/language.ts';
import { recordedText, secretsIn } from '../../../src/source/expand/recorded-text.ts';

const load = (text: string) => loadTopology(text, { file: 'lab.yaml', vars: {}, varFile: null });

const LAB = `version: 1 # a comment with hunter2
name: vault
vars: { pw: hunter2 }
namespaces:
  env:
    interfaces: { content: 10.9.0.1/32 }
    files: { /etc/a: { content: "hunter2\\n" } }
    run:
      app: { command: sleep 1d, env: { DB_PASSWORD: "x\${pw}", API_KEY: 7, KEYBOARD: us } }
host:
  run: { app: { command: sleep 1d, env: { TOKEN: hunter2 } } }
`;

test('what a state records has digests in the place of secrets, and is a topology like the one that was applied', () => {
  const recorded = recordedText(load(LAB));
  expect(recorded).not.toContain('hunter2');
  expect(recorded).toMatch(/API_KEY: "?sha256:[0-9a-f]{64}/);
  const again = load(recorded);
  expect(again.diagnostics).toEqual([]);
  expect(again.expanded).toMatchObject({
    name: 'vault',
    namespaces: {
      env: { interfaces: { content: '10.9.0.1/32' }, run: { app: { env: { KEYBOARD: 'us' } } } },
    },
  });
  expect(recordedText(again)).not.toContain('hunter2');
  expect(recordedText(load(LAB))).toBe(recorded);
  expect(recordedText(load(LAB.replaceAll('hunter2', 'hunter3')))).not.toBe(recorded);
});

test('a topology without a secret is recorded as it is written', () => {
  const text = LAB.replace(/^ {4}files.*\n/m, '')
    .replace(/^host:\n.*\n/m, '')
    .replace(/DB_PASSWORD: [^,]*, API_KEY: 7, /, '');
  const loaded = load(text);
  expect(loaded.diagnostics).toEqual([]);
  expect(recordedText(loaded)).toBe(loaded.rendered);
  expect(loaded.rendered).toContain('# a comment');
});

test('which texts are secrets', () => {
  const texts = secretsIn(load(LAB).expanded ?? {});
  expect(texts.map(({ text, isNamed }) => `${isNamed} ${text}`)).toEqual([
    'false hunter2\n',
    ...['true xhunter2', 'true 7', 'true hunter2'],
  ]);
});
