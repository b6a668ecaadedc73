import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { checkDraft } from '../../../src/registry/draft.ts';
import { loadTopology, topologyReaders } from '../../../src/registry/language.ts';
import { diagnosticsText } from '../../../src/report/text/diagnostics.ts';
import { normaliseTopology } from '../../../src/source/normalise/topology.ts';
import { validateSchema } from '../../../src/source/validate.ts';
import { growthOfCalls } from '../../support/count-calls.ts';

// The machine may be busy with other tests.
vi.setConfig({ testTimeout: 300_000 });

const example = readFileSync(join(import.meta.dirname, 'fixtures', 'language.yaml'), 'utf8');

/** Reads and tells; whatever cannot be understood must have been told. */
function survives(input: string | Uint8Array): void {
  const loaded = loadTopology(input, { file: 'f', vars: { v: '1' }, varFile: null });
  const text = diagnosticsText(checkDraft(loaded), { file: 'f', text: loaded.text, locate: loaded.locate });
  if (loaded.topology === null) expect(text).not.toBe('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal would obey
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
}

test('any bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), survives), { numRuns: 200 });
});

test('any YAML-like text', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '&x ',
      '*x',
      '"',
      "'",
      '|\n',
      '? ',
      '# ',
      `\${v}`,
      '!t ',
      '---\n',
      '<<',
      '0',
    ],
  );
  const text = fc.array(piece, { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (tail) => survives(`version: 1\nname: x\n${tail}`)),
    { numRuns: 200 },
  );
});

test('the example with parts cut out, doubled or replaced', () => {
  const cut = fc.record({
    from: fc.nat(example.length),
    length: fc.nat(40),
    put: fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('null', '[]', '{}', '-1', 'true', `\${v}`, '""')),
  });
  const mutated = fc
    .array(cut, { minLength: 1, maxLength: 3 })
    .map((cuts) =>
      cuts.reduce((text, { from, length, put }) => text.slice(0, from) + put + text.slice(from + length), example),
    );
  fc.assert(fc.property(mutated, survives), { numRuns: 60 });
});

test('any JSON value is normalised without a throw', () => {
  const keys = fc.constantFrom(
    'namespaces',
    'bridges',
    'interfaces',
    'routes',
    'to',
    'via',
    'dns',
    'hosts',
    'nat',
    'links',
    'ends',
    'host',
    'cni',
    'red',
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 5 }),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(value, (json) => {
      normaliseTopology(JSON.parse(JSON.stringify(json)), topologyReaders);
    }),
    { numRuns: 200 },
  );
});

test('validates and normalises ten times as many namespaces with ten times as many calls', async () => {
  const reading = (count: number) => {
    const namespaces = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `n${i}`,
        { interfaces: { eth0: { bridge: 'lan', address: `10.1.${i >> 8}.${i & 255}` } } },
      ]),
    );
    const value = { version: 1, name: 'big', bridges: { lan: '10.0.0.0/8' }, namespaces };
    return () => {
      expect(validateSchema(value)).toEqual([]);
      expect(normaliseTopology(value, topologyReaders).topology.namespaces).toHaveLength(count);
    };
  };
  expect(await growthOfCalls(reading, { few: 200, many: 2000 })).toBeLessThan(1.3);
});

test('reports as many mistakes as a file may have keys with calls in proportion to their number', async () => {
  const lines = (count: number) => Array.from({ length: count }, (_, i) => `  n${i}: { forwardin: 1, interface: 2 }\n`);
  const reporting = (count: number) => {
    const text = `version: 1\nname: x\nnamespaces:\n${lines(count).join('')}`;
    return () => {
      const { diagnostics } = loadTopology(text, { file: 'x', vars: {}, varFile: null });
      expect(diagnostics.length).toBeGreaterThanOrEqual(2 * count);
    };
  };
  expect(await growthOfCalls(reporting, { few: 250, many: 2000 })).toBeLessThan(1.3);
});
