import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { architecturePage, contributingPage } from './pages/architecture.ts';
import { commandsPage } from './pages/commands.ts';
import { manPage } from './pages/man.ts';
import { readmePage } from './pages/readme.ts';
import { commandTableFile } from './registries/commands.ts';
import { needReadersFile } from './registries/needs.ts';

type Output = { readonly path: string; readonly content: () => Promise<string | null> };

const root = fileURLToPath(new URL('..', import.meta.url));

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Every generated file; null: its source is not there. */
const outputs: readonly Output[] = [
  { path: 'src/kinds/links/index.ts', content: linkKindsFile },
  { path: 'src/kernel/read/needs/index.ts', content: async () => formatted('index.ts', needReadersFile()) },
  { path: 'schemas/topology.schema.json', content: schemaFile },
  { path: 'docs/checks.md', content: checksFile },
  { path: 'docs/troubleshooting-doctor.md', content: doctorFile },
  { path: 'docs/architecture.md', content: async () => architecturePage() },
  { path: 'CONTRIBUTING.md', content: async () => contributingPage() },
  { path: 'docs/language.md', content: languageFile },
  { path: 'src/commands/index.ts', content: async () => formatted('index.ts', await commandTableFile()) },
  { path: 'docs/commands.md', content: commandsPage },
  { path: 'README.md', content: async () => readmePage(readOutput('README.md') ?? '') },
  { path: 'man/netform.1', content: () => manPage(version) },
];

if (process.argv.includes('--check')) await check();
else await write();

async function schemaFile(): Promise<string> {
  const { topologySchema } = await import('../src/registry/schema.ts');
  return formatted('schema.json', JSON.stringify(topologySchema, null, 2));
}

async function languageFile(): Promise<string> {
  const { topologySchema } = await import('../src/registry/schema.ts');
  const { languagePage } = await import('./pages/language.ts');
  return languagePage(topologySchema);
}

/** The registry of the folders of src/kinds/links: each exports its kind by the folder's name. */
async function linkKindsFile(): Promise<string> {
  const folders = readdirSync(join(root, 'src/kinds/links'), { withFileTypes: true }).filter((one) =>
    one.isDirectory(),
  );
  const names = folders.map(({ name }) => name).toSorted();
  const type = "import type { LinkKindModule } from './define-link-kind.ts';";
  const imports = [...names.map((name) => `import { ${name} } from './${name}/index.ts';`), type];
  const fromOf = (line: string): string => line.split(' from ')[1] ?? '';
  return formatted(
    'index.ts',
    `// Written by \`npm run generate\` from the folders beside this file.
${imports.toSorted((a, b) => (fromOf(a) < fromOf(b) ? -1 : 1)).join('\n')}

/** Every kind of link with its resource, one a folder. */
export const linkModules: readonly LinkKindModule[] = [${names.join(', ')}];
`,
  );
}

async function checksFile(): Promise<string | null> {
  const path = join(root, 'src/registry/check-docs.ts');
  if (!existsSync(path)) return null;
  const docs: { checksPage: () => string } = await import(pathToFileURL(path).href);
  return formatted('checks.md', docs.checksPage());
}

async function doctorFile(): Promise<string> {
  const { doctorPage } = await import('../src/doctor/docs.ts');
  return formatted('troubleshooting-doctor.md', doctorPage());
}

function formatted(name: string, text: string): string {
  const biome = join(root, 'node_modules/.bin/biome');
  return execFileSync(biome, ['format', `--stdin-file-path=${name}`], { cwd: root, input: text, encoding: 'utf8' });
}

async function write(): Promise<void> {
  for (const { path, content } of outputs) {
    const text = await content();
    if (text === null) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function check(): Promise<void> {
  const drifted: string[] = [];
  for (const { path, content } of outputs) {
    const text = await content();
    if (text !== null && text !== readOutput(path)) drifted.push(path);
  }
  if (drifted.length === 0) return;
  console.error(`not as generated: ${drifted.join(', ')}; run \`npm run generate\` and commit the result`);
  process.exitCode = 1;
}

function readOutput(path: string): string | null {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
}
