import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A check, or the entry of one that other code makes: `export const NAME: TYPE = {`, then its name and its code. */
type CheckSource = {
  readonly file: string;
  readonly constant: string;
  readonly type: string;
  readonly name: string;
  readonly code: string;
};

const DEFINITION =
  /^export const (\w+): (LabCheck|MachineCheck|CheckDoc) = \{\n {2}name: '([\w-]+)',\n {2}code: '(NF\d{4})',$/gm;

/** Every check of src, in the order of the codes. Throws where two have one code or one name. */
function findChecks(): readonly CheckSource[] {
  const files = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = files
    .flatMap((file) =>
      [...readFileSync(`${ROOT}src/${file}`, 'utf8').matchAll(DEFINITION)].map(
        ([, constant = '', type = '', name = '', code = '']): CheckSource => ({ file, constant, type, name, code }),
      ),
    )
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
  for (const key of ['code', 'name'] as const) {
    const twice = found.find((one, i) => found.findIndex((other) => other[key] === one[key]) !== i);
    if (twice) throw new Error(`two checks have the ${key} ${twice[key]}; one is in src/${twice.file}`);
  }
  return found;
}

const HEADER = '// Generated from the checks by scripts/generate.ts.';

/** The text of src/model/diagnostics/check-codes.ts: the code of each check by its name. */
export const checkCodesFile = (): string =>
  [
    HEADER,
    '',
    '/** Every check and its code. A published code keeps its meaning. */',
    'export const checkCodes = {',
    ...findChecks().map(({ name, code }) => `  '${name}': '${code}',`),
    '} as const;',
    '',
    '/** The name of a check: `duplicate-mac`. */',
    'export type CheckName = keyof typeof checkCodes;',
    '',
  ].join('\n');

/** The text of src/checks/index.ts: the checks of that folder. */
export function checkListFile(): string {
  const all = findChecks().filter(({ file, type }) => type !== 'CheckDoc' && file.startsWith('checks/'));
  const listOf = (type: string): string =>
    all.flatMap((one) => (one.type === type ? [`  ${one.constant},\n`] : [])).join('');
  return [
    HEADER,
    "import type { LabCheck } from '../model/diagnostics/check-doc.ts';",
    "import type { MachineCheck } from './check.ts';",
    ...importsOf(all, 'src/checks'),
    '',
    '/** The rules of this folder over the file. */',
    `export const coreLabChecks: readonly LabCheck[] = [\n${listOf('LabCheck')}];`,
    '',
    '/** The rules of this folder over the lab and this machine. */',
    `export const coreMachineChecks: readonly MachineCheck[] = [\n${listOf('MachineCheck')}];`,
    '',
  ].join('\n');
}

/** The text of scripts/pages/check-entries.ts: the entries of checks that are made while reading, resolving or planning. */
export function checkEntriesFile(): string {
  const all = findChecks().filter(({ type }) => type === 'CheckDoc');
  return [
    HEADER,
    "import type { CheckDoc } from '../../src/model/diagnostics/check-doc.ts';",
    ...importsOf(all, 'scripts/pages'),
    '',
    '/** The entries of the checks that are made while a topology is read, resolved or compared with the machine. */',
    `export const checkEntries: readonly CheckDoc[] = [\n${all.map(({ constant }) => `  ${constant},\n`).join('')}];`,
    '',
  ].join('\n');
}

/** The list of published codes as it is, with those that are new: no line of it is ever changed or removed. */
export function publishedCodes(before: string): string {
  const lines = before.split('\n').filter((line) => line !== '');
  const now = findChecks().map(({ name, code }) => `${code} ${name}`);
  return `${[...new Set([...lines, ...now])].toSorted().join('\n')}\n`;
}

/** One line for each file, in the order of the files. */
function importsOf(all: readonly CheckSource[], folder: string): readonly string[] {
  const paths = [...new Set(all.map(({ file }) => file))];
  return paths.map((path) => {
    const names = all.filter(({ file }) => file === path).map(({ constant }) => constant);
    const relative = posix.relative(folder, `src/${path}`);
    return `import { ${names.join(', ')} } from '${relative.startsWith('.') ? relative : `./${relative}`}';`;
  });
}
