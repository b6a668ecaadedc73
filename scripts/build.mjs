// Makes dist of src: the program in a few large files, which start in a third of the time that many small ones take. The
// old dist stays until the new one is complete; then it goes whole, so that a command that was removed does not stay.
// With --faults: makes dist-faults instead, what the campaign uses, with faults around the doors to the machine.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isFaulty = process.argv.includes('--faults');
const name = isFaulty ? 'dist-faults' : 'dist';
const fresh = `${root}${name}.${process.pid}`;

/** Doors of large packages through which only what is used comes in: each saves several milliseconds at every start. */
const DOORS = {
  '@oclif/core': `
    export { Command } from '@oclif/core/command';
    export * as Args from '@oclif/core/args';
    export * as Flags from '@oclif/core/flags';`,
  // Two of the hundred spinners: those that oclif names.
  'cli-spinners': `
    const spinner = (...frames) => ({ interval: 80, frames });
    export default { line: spinner('-', '\\\\', '|', '/'), dots2: spinner('⣾', '⣽', '⣻', '⢿', '⡿', '⣟', '⣯', '⣷') };`,
};
const lean = {
  name: 'lean',
  setup(build) {
    build.onResolve({ filter: /^(@oclif\/core|cli-spinners)$/ }, ({ path }) => ({ path, namespace: 'lean' }));
    build.onLoad({ filter: /./, namespace: 'lean' }, ({ path }) => ({ contents: DOORS[path], resolveDir: root }));
  },
};

/** A door to the machine gives the same as before, with the faults around it. */
const FAULTY = {
  [`${root}src/kernel/machine.ts`]: `
    import { realMachine as plain } from './machine.ts?plain';
    import { withFaults } from './faults.ts';
    export const realMachine = withFaults(plain);`,
  [`${root}src/store/append.ts`]: `
    import { writeSync } from 'node:fs';
    import { withJournalFaults } from '../kernel/faults.ts';
    import { appendRecord as plain, lineOf } from './append.ts?plain';
    export * from './append.ts?plain';
    export const appendRecord = withJournalFaults(plain, (fd, record) => writeSync(fd, lineOf(record).slice(0, 40)));`,
};
const faults = {
  name: 'faults',
  setup(build) {
    build.onResolve({ filter: /\?plain$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace('?plain', '')),
      namespace: 'plain',
    }));
    build.onLoad({ filter: /./, namespace: 'plain' }, ({ path }) => ({
      contents: readFileSync(path, 'utf8'),
      loader: 'ts',
      resolveDir: dirname(path),
    }));
    build.onLoad({ filter: /\/(machine|append)\.ts$/, namespace: 'file' }, ({ path }) =>
      path in FAULTY ? { contents: FAULTY[path], loader: 'ts', resolveDir: dirname(path) } : null,
    );
  },
};

try {
  mkdirSync(fresh);
  if (isFaulty) await bundle(['pipeline.ts', 'watcher.ts', 'report/diagnostic.ts'], [faults, lean]);
  else {
    const { inputs } = await bundle(programs(), [lean]);
    writeFileSync(join(fresh, 'LICENSES.txt'), licensesOf(Object.keys(inputs)));
    await writeManifest();
  }
  must(process.execPath, 'scripts/compile-schema.mjs', join(fresh, 'compiled-schema.cjs'));
  rmSync(`${root}${name}`, { recursive: true, force: true });
  renameSync(fresh, `${root}${name}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** What is started or loaded by its file name. */
function programs() {
  const main = readdirSync(`${root}src`).filter((file) => file.endsWith('.ts'));
  const commands = readdirSync(`${root}src/commands`, { recursive: true }).filter((file) => file.endsWith('.ts'));
  return [
    ...main.filter((file) => !['pipeline.ts', 'command.ts'].includes(file)),
    ...commands.map((file) => `commands/${file}`),
    'report/unknown-command.ts',
  ];
}

async function bundle(entries, plugins) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(entries.map((file) => [file.slice(0, -3), `src/${file}`])),
    outdir: fresh,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // koffi brings a library for each machine; elkjs is large, rarely wanted, and a file of its own.
    external: ['koffi', 'elkjs'],
    plugins,
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: 'warning',
    // What CommonJS packages expect to find around them.
    banner: {
      js: [
        "import { createRequire as __createRequire } from 'node:module';",
        "import { fileURLToPath as __fileURLToPath } from 'node:url';",
        'const require = __createRequire(import.meta.url);',
        'const __filename = __fileURLToPath(import.meta.url);',
        "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
      ].join('\n'),
    },
  });
  return metafile;
}

/** What oclif would otherwise load every command for, each time: names, flags and texts of all of them. */
async function writeManifest() {
  const { Plugin } = await import('@oclif/core');
  const pjson = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const oclif = { ...pjson.oclif, commands: { ...pjson.oclif.commands, target: './commands' } };
  const options = { ignoreManifest: true, errorOnManifestCreate: true, respectNoCacheDefault: true };
  const plugin = new Plugin({ root: fresh, type: 'core', isRoot: true, pjson: { ...pjson, oclif }, ...options });
  await plugin.load();
  writeFileSync(join(fresh, 'oclif.manifest.json'), JSON.stringify(plugin.manifest));
}

/** The licences of the packages whose code is in the bundle. */
function licensesOf(inputs) {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
  return [...new Set(folders)]
    .sort()
    .map(licenseOf)
    .join(`\n${'-'.repeat(100)}\n\n`);
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(join(root, folder, file), 'utf8').trim() : ''}\n`;
}

function must(...argv) {
  const [program, ...rest] = argv;
  const { status } = spawnSync(program, rest, { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
}
