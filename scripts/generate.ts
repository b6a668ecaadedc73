import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkCodesFile, checkEntriesFile, checkListFile, publishedCodes } from './registries/checks.ts';
import { type FolderList, folderListFile } from './registries/folders.ts';
import { needReadersFile } from './registries/needs.ts';

type Output = { readonly path: string; readonly content: () => Promise<string> };

const root = fileURLToPath(new URL('..', import.meta.url));

const PUBLISHED_CODES = 'test/unit/checks/published-codes.txt';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What a folder each adds to one list. */
const folderLists: readonly FolderList[] = [
  {
    ...{ folder: 'kinds/links', list: 'linkModules', type: 'LinkKindModule', from: './define-link-kind.ts' },
    doc: 'Every kind of link with its resource, one a folder.',
  },
  {
    ...{ folder: 'kinds/files', list: 'fileKinds', type: 'FileKind', from: './define-file-kind.ts' },
    doc: 'Every kind of file, in a folder each.',
  },
  {
    ...{ folder: 'features', list: 'featureModules', type: 'Feature', from: './define-feature.ts' },
    doc: 'Every feature, in a folder each.',
  },
];

/** The registries: each is made from the files of src. They come first: what follows imports them. */
const registries: readonly Output[] = [
  ...folderLists.map((list) => ({
    path: `src/${list.folder}/index.ts`,
    content: async () => source(folderListFile(list)),
  })),
  { path: 'src/kernel/read/needs/index.ts', content: async () => source(needReadersFile()) },
  { path: 'src/model/diagnostics/check-codes.ts', content: async () => source(checkCodesFile()) },
  { path: 'src/checks/index.ts', content: async () => source(checkListFile()) },
  { path: 'scripts/pages/check-entries.ts', content: async () => source(checkEntriesFile()) },
  { path: PUBLISHED_CODES, content: async () => publishedCodes(readOutput(PUBLISHED_CODES) ?? '') },
  { path: 'src/commands/index.ts', content: commandsFile },
];

/** The schema, the pages and the manual: each says what the code says about itself. */
const pages: readonly Output[] = [
  { path: 'schemas/topology.schema.json', content: schemaFile },
  { path: 'schemas/reconcile.schema.json', content: reconcileSchemaFile },
  { path: 'docs/checks.md', content: checksFile },
  { path: 'docs/troubleshooting-doctor.md', content: doctorFile },
  { path: 'docs/architecture.md', content: async () => (await import('./pages/architecture.ts')).architecturePage() },
  { path: 'CONTRIBUTING.md', content: async () => (await import('./pages/architecture.ts')).contributingPage() },
  { path: 'docs/language.md', content: languageFile },
  { path: 'docs/reconcile-file.md', content: reconcileFilePageFile },
  { path: 'docs/commands.md', content: async () => (await import('./pages/commands.ts')).commandsPage() },
  { path: 'man/netform.1', content: async () => (await import('./pages/man.ts')).manPage(version) },
];

const outputs = [...registries, ...pages];

if (process.argv.includes('--check')) await check();
else await write();

async function commandsFile(): Promise<string> {
  const { commandTableFile } = await import('./registries/commands.ts');
  return source(await commandTableFile());
}

async function schemaFile(): Promise<string> {
  const { topologySchema } = await import('../src/registry/schema.ts');
  return formatted('schema.json', JSON.stringify(topologySchema, null, 2));
}

async function reconcileSchemaFile(): Promise<string> {
  const { reconcileSchema } = await import('../src/reconcile/schema.ts');
  return formatted('schema.json', JSON.stringify(reconcileSchema, null, 2));
}

async function reconcileFilePageFile(): Promise<string> {
  const { reconcileSchema } = await import('../src/reconcile/schema.ts');
  const { reconcileFilePage } = await import('./pages/reconcile-file.ts');
  return reconcileFilePage(reconcileSchema);
}

async function languageFile(): Promise<string> {
  const { topologySchema } = await import('../src/registry/schema.ts');
  const { languagePage } = await import('./pages/language.ts');
  return languagePage(topologySchema);
}

async function checksFile(): Promise<string> {
  const { checksPage } = await import('./pages/checks.ts');
  return formatted('checks.md', checksPage());
}

async function doctorFile(): Promise<string> {
  const { doctorPage } = await import('../src/doctor/docs.ts');
  return formatted('troubleshooting-doctor.md', doctorPage());
}

/** A file of TypeScript, formatted and with its imports in order. */
function source(text: string): string {
  return biome(['check', '--write', '--stdin-file-path=src/index.ts'], text);
}

function formatted(name: string, text: string): string {
  return biome(['format', `--stdin-file-path=${name}`], text);
}

function biome(args: readonly string[], input: string): string {
  return execFileSync(join(root, 'node_modules/.bin/biome'), args, { cwd: root, input, encoding: 'utf8' });
}

async function write(): Promise<void> {
  for (const { path, content } of outputs) {
    const text = await content();
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function check(): Promise<void> {
  const drifted: string[] = [];
  for (const { path, content } of outputs) {
    const text = await content();
    if (text !== readOutput(path)) drifted.push(path);
  }
  if (drifted.length === 0) return;
  console.error(`not as generated: ${drifted.join(', ')}; run \`npm run generate\` and commit the result`);
  process.exitCode = 1;
}

function readOutput(path: string): string | null {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;
}
