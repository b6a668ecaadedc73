// Makes dist of src: the program in one large file, and beside it what V8 makes of that file, so that it need not compile
// it at each start. The old dist stays until the new one is complete; then it goes whole.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const fresh = `${root}dist.${process.pid}`;

/** Doors of large packages through which only what is used comes in: each saves several milliseconds at every start. */
const DOORS = {
  '@oclif/core': `
    export { Command } from '@oclif/core/command';
    export { Config } from './config';
    export { CommandHelp, Help } from '@oclif/core/help';
    export * as Args from '@oclif/core/args';
    export * as Flags from '@oclif/core/flags';`,
  // oclif's own reads a manifest and a theme and looks for plugins; src/cli/oclif-config.ts has what commands and help use.
  './config': 'export class Config {}',
  // oclif's templates in help; src/cli/help.ts fills them itself.
  ejs: 'export default { render: (text) => text };',
  // What oclif tells with DEBUG=oclif.
  debug: 'export default () => Object.assign(() => {}, { enabled: false });',
  // Two of the hundred spinners: those that oclif names.
  'cli-spinners': `
    const spinner = (...frames) => ({ interval: 80, frames });
    export default { line: spinner('-', '\\\\', '|', '/'), dots2: spinner('⣾', '⣽', '⣻', '⢿', '⡿', '⣟', '⣯', '⣷') };`,
};
const lean = {
  name: 'lean',
  setup(build) {
    build.onResolve({ filter: /^(@oclif\/core|\.\/config|debug|ejs|cli-spinners)$/ }, ({ path, importer }) =>
      path === './config' && !/@oclif\/core(\/lib\/command\.js)?$/.test(importer) ? null : { path, namespace: 'lean' },
    );
    build.onLoad({ filter: /./, namespace: 'lean' }, ({ path }) => ({ contents: DOORS[path], resolveDir: root }));
  },
};

/** Parts of Node that most commands import and few use; Node takes a millisecond to load each. They come when they are used. */
const LATE = ['child_process', 'crypto', 'perf_hooks', 'readline', 'readline/promises', 'v8', 'zlib'];
const late = {
  name: 'late',
  setup(build) {
    const filter = new RegExp(`^(node:)?(${LATE.join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path: path.replace(/^node:/, ''), namespace: 'late' }));
    build.onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
      contents: `
        let part;
        const get = (name) => () => (part ??= process.getBuiltinModule('${path}'))[name];
        for (const name of ${JSON.stringify(Object.keys(process.getBuiltinModule(path)))})
          Object.defineProperty(exports, name, { enumerable: true, get: get(name) });`,
    }));
  },
};

/** A package that most starts do not use. It is part of the bundle, and runs when something of it is first used. */
const latePackage = {
  name: 'late-package',
  setup(build) {
    build.onResolve({ filter: /^listr2$/ }, ({ path, namespace }) =>
      namespace === 'late-package' ? null : { path, namespace: 'late-package' },
    );
    build.onLoad({ filter: /./, namespace: 'late-package' }, ({ path }) => ({
      contents: `
        const get = (name) => () => require('${path}')[name];
        for (const name of ['Listr', 'ListrEventType', 'Spinner'])
          Object.defineProperty(exports, name, { enumerable: true, get: get(name) });`,
      resolveDir: root,
    }));
  },
};

/** The schema comes in as the function that it was compiled to. */
const schema = {
  name: 'schema',
  setup(build) {
    const compiled = JSON.stringify(`${fresh}/schema.cjs`);
    const contents = `export const compileSchema = () => require(${compiled});`;
    build.onLoad({ filter: /\/source\/compile-validator\.ts$/ }, () => ({ contents, resolveDir: root }));
  },
};

/** The script of the picture's page comes in as the text that it was bundled to. */
const pageScript = {
  name: 'page-script',
  setup(build) {
    build.onLoad({ filter: /\/picture\/page\/browser-script\.ts$/ }, ({ path }) => ({
      contents: `export const browserScript = () => ${JSON.stringify(bundledPageScript(path))};`,
    }));
  },
};

try {
  mkdirSync(fresh);
  must(process.execPath, 'scripts/compile-schema.mjs', join(fresh, 'schema.cjs'));
  const inputs = await bundleProgram();
  writeFileSync(join(fresh, 'LICENSES.txt'), licensesOf(inputs));
  await bundleDoors();
  warm();
  rmSync(join(fresh, 'schema.cjs'));
  rmSync(`${root}dist`, { recursive: true, force: true });
  renameSync(fresh, `${root}dist`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** Everything, as one script; gives the files that it was made of. */
async function bundleProgram() {
  const { inputs } = await bundle({
    entryPoints: ['src/entries/program.ts'],
    outfile: join(fresh, 'program', 'program.cjs'),
    format: 'cjs',
    // A script that is not loaded by Node's own loader has no import().
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
    banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [lean, late, latePackage, schema, pageScript],
  });
  return Object.keys(inputs);
}

/** What is started, or loaded, by its file name: each loads the program, and begins one thing of it. */
async function bundleDoors() {
  const load =
    "import { loadProgram } from './src/entries/bundle.ts'; const program = loadProgram(import.meta.dirname);";
  const doors = {
    main: "import './src/entries/main.ts';",
    'rollback-timer': `${load} program.rollbackTimer();`,
    'sandbox-reader': `${load} program.sandboxReader();`,
  };
  // CommonJS starts sooner: Node need not load what it loads modules with.
  const define = { 'import.meta.dirname': '__dirname' };
  for (const [name, contents] of Object.entries(doors))
    await bundle({ stdin: { contents, resolveDir: root }, outfile: join(fresh, `${name}.cjs`), format: 'cjs', define });
}

async function bundle(options) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    // koffi brings a library for each machine; elkjs is large, rarely wanted, and a file of its own.
    external: ['koffi', 'elkjs'],
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  return metafile;
}

/** Where a throwaway machine cannot be had, the part of the program that looks at a file only. */
function warm() {
  const lab = 'topologies/port-forward.yaml';
  const tsx = ['node_modules/.bin/tsx', 'scripts/warm.ts', fresh, `validate ${lab}`];
  const whole = ['scripts/machine.sh', ...tsx, `apply --yes ${lab}`, `plan ${lab}`];
  const options = { cwd: root, stdio: 'ignore' };
  if (spawnSync('sh', whole, options).status === 0 || spawnSync(tsx[0], tsx.slice(1), options).status === 0) return;
  throw new Error('the program that was built does not run: scripts/warm.ts says why');
}

/** What src/picture/page/browser-script.ts, at this path, makes of the modules under src/picture/page/browser. */
function bundledPageScript(path) {
  const print = `import { browserScript } from ${JSON.stringify(path)}; process.stdout.write(browserScript());`;
  return execFileSync('node_modules/.bin/tsx', ['--input-type=module', '--eval', print], {
    cwd: root,
    encoding: 'utf8',
  });
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
