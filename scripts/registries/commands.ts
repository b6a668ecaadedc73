import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CommandClass } from '../../src/cli/command-types.ts';
import { loadFileImportCommand } from '../../src/cli/import-command.ts';
import { FILE_IMPORTERS } from '../../src/pipeline/import/importers.ts';

const FOLDER = fileURLToPath(new URL('../../src/commands', import.meta.url));

type LoadedCommand = { readonly id: string; readonly command: CommandClass; readonly load: string };

/** The text of src/commands/index.ts: each file of that folder, and each importer of a file format, by id. */
export async function commandTableFile(): Promise<string> {
  const all = await loadCommands();
  return [
    '// Generated from the files of this folder and the importers of file formats by scripts/generate.ts.',
    "import type { CommandTable } from '../cli/command-types.ts';",
    '',
    '/** Every command, by id; `import:live` is written as two words. */',
    'export const COMMANDS: CommandTable = {',
    ...all.map(({ id, command, load }) => {
      const { summary, helpPlace, synonyms } = command;
      const entry = Object.entries({ summary, help: helpPlace, synonyms }).map(
        ([key, value]) => `${key}: ${JSON.stringify(value)}`,
      );
      return `${JSON.stringify(id)}: { ${[...entry, `load: ${load}`].join(', ')} },`;
    }),
    '};',
    '',
  ].join('\n');
}

/** Every command by id, and the code that loads it. */
export async function loadCommands(): Promise<readonly LoadedCommand[]> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && name !== 'index.ts',
  );
  const own = files.map(async (file) => ({
    id: file.replace(/\.ts$/, '').replaceAll('/', ':'),
    command: (await import(pathToFileURL(join(FOLDER, file)).href)).default,
    load: `async () => (await import('./${file}')).default`,
  }));
  const imports = Object.keys(FILE_IMPORTERS).map(async (name) => ({
    id: `import:${name}`,
    command: await loadFileImportCommand(name),
    load: `async () => (await import('../cli/import-command.ts')).loadFileImportCommand('${name}')`,
  }));
  const all = await Promise.all([...own, ...imports]);
  return all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
