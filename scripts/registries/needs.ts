import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../src/kernel/read/needs/', import.meta.url);

/** The text of src/kernel/read/needs/index.ts: the reader of each need, by the names of the files beside it. */
export function needReadersFile(): string {
  const names = readdirSync(fileURLToPath(FOLDER))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted();
  return [
    '// Generated from the files of this folder by scripts/generate.ts.',
    "import type { NeedName } from '../../../model/kernel/need.ts';",
    "import type { NeedReader } from '../need-reader.ts';",
    ...names.map((name) => `import { ${readerOf(name)} } from './${name}.ts';`),
    '',
    '/** The reader of each need. */',
    'export const needReaders: { readonly [N in NeedName]: NeedReader<N> } = {',
    ...names.map((name) => `  '${name}': ${readerOf(name)},`),
    '};',
    '',
  ].join('\n');
}

/** `sysctlValueReader` of `sysctl-value`. */
const readerOf = (name: string): string =>
  `${name.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase())}Reader`;
