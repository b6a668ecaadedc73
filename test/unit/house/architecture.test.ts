import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LAYERS } from '../../support/layers.ts';

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs');

test.each(['architecture.md', 'extending.md'])('%s names functions of the files that it links to', (page) => {
  const links = [...readFileSync(join(DOCS, page), 'utf8').matchAll(/\[`(\w+)`\]\((\.\.\/src\/[^)]+)\)/g)];
  expect(links.length).toBeGreaterThan(5);
  const broken = links.filter(([, name, path = '']) => {
    const file = join(DOCS, path);
    return !existsSync(file) || !new RegExp(`\\b${name}\\b`).test(readFileSync(file, 'utf8'));
  });
  expect(broken.map(([link]) => link)).toEqual([]);
});

test.each(['architecture.md', 'extending.md'])('%s mentions files and folders that exist', (page) => {
  const paths = [...readFileSync(join(DOCS, page), 'utf8').matchAll(/`((?:src|test|scripts)\/[\w./-]+)`/g)];
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.map(([, path = '']) => path).filter((path) => !existsSync(join(DOCS, '..', path)))).toEqual([]);
});

test('docs/architecture.md and CONTRIBUTING.md mention every folder of src', () => {
  for (const page of ['docs/architecture.md', 'CONTRIBUTING.md']) {
    const text = readFileSync(join(DOCS, '..', page), 'utf8');
    const missing = Object.keys(LAYERS).filter((layer) => !text.includes(`\`src/${layer}\``));
    expect(missing.map((layer) => `${page} does not mention src/${layer}`)).toEqual([]);
  }
});
