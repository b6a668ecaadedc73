import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A list of what the folders beside the list export, each under the name of its folder in camel case. */
export type FolderList = {
  /** The folder that holds the folders, below `src`. */
  readonly folder: string;
  /** The name of the list, the type of its items and the file beside it that exports the type. */
  readonly list: string;
  readonly type: string;
  readonly from: string;
  /** The docstring of the list. */
  readonly doc: string;
};

/** The text of the list, in the order of the folders' names. */
export function folderListFile({ folder, list, type, from, doc }: FolderList): string {
  const folders = readdirSync(join(ROOT, 'src', folder), { withFileTypes: true }).filter((one) => one.isDirectory());
  const names = folders.map(({ name }) => name).toSorted();
  const imports = names.map((name) => `import { ${camelCase(name)} } from './${name}/index.ts';`);
  return [
    '// Written by `npm run generate` from the folders beside this file.',
    ...[...imports, `import type { ${type} } from '${from}';`, ''],
    `/** ${doc} */`,
    `export const ${list}: readonly ${type}[] = [${names.map(camelCase).join(', ')}];`,
    '',
  ].join('\n');
}

const camelCase = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
