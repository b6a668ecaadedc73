// Makes dist of src: the program in one large file, and beside it what V8 makes of that file, so that it need not compile
// it at each start. The old dist stays until the new one is complete; then it goes whole.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lateModules } from './bundle/late-modules.mjs';
import { leanOclif } from './bundle/lean-oclif.mjs';
import { parts } from './bundle/parts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const fresh = `${root}dist.${process.pid}`;

/** For stacks, which name the places in src (src/entries/source-stack.ts): the names in the build are short. */
const MAPPED = { sourcemap: 'external', sourcesContent: false };

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
  must(process.execPath, 'scripts/compile-schema.mjs', fresh);
  const inputs = [
    ...(await bundleScript('program', { entryPoints: ['src/entries/program.ts'], ...MAPPED })),
    ...(await bundleScript('dialog', { entryPoints: ['listr2'] })),
    ...(await bundleScript('topology-errors', { entryPoints: [join(fresh, 'topology-errors.cjs')] })),
    ...(await bundleScript('reconcile-errors', { entryPoints: [join(fresh, 'reconcile-errors.cjs')] })),
  ];
  writeFileSync(join(fresh, 'LICENSES.txt'), licensesOf(inputs));
  await bundleResident();
  await bundleDoors();
  warm();
  for (const name of ['is-topology', 'topology-errors', 'reconcile-errors']) rmSync(join(fresh, `${name}.cjs`));
  rmSync(`${root}dist`, { recursive: true, force: true });
  renameSync(fresh, `${root}dist`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** One script of the program (src/entries/bundle.ts runs it); gives the files that it was made of. */
async function bundleScript(name, options) {
  const { inputs } = await bundle({
    outfile: join(fresh, 'program', `${name}.cjs`),
    format: 'cjs',
    // A script that is not loaded by Node's own loader has no import().
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
    banner: {
      js: "(function(exports,require,module,__filename,__dirname){const __url = require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: '})' },
    // koffi brings a library for each machine; elkjs is large, rarely wanted, and a file of its own.
    external: ['koffi', 'elkjs', 'part:*'],
    plugins: [leanOclif(root), lateModules(root), parts(root, fresh), pageScript],
    ...options,
  });
  return Object.keys(inputs);
}

/** The script that `reconcile --watch` becomes: small, because it stays in memory. It finds the others as the program does. */
async function bundleResident() {
  await bundle({
    entryPoints: ['src/entries/resident.ts'],
    outfile: join(fresh, 'program', 'resident.cjs'),
    format: 'cjs',
    define: { 'import.meta.url': '__url' },
    banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
  });
}

/** What is started, or loaded, by its file name: each loads the program, and begins one thing of it. */
async function bundleDoors() {
  const load =
    "import { loadProgram } from './src/entries/bundle.ts'; const program = loadProgram(import.meta.dirname);";
  const doors = {
    main: "import './src/entries/main.ts';",
    'rollback-timer': `${load} program.rollbackTimer();`,
    'resident-run': `${load} program.residentRun();`,
    resident: "require('./program/resident.cjs');",
    'sandbox-reader': `${load} program.sandboxReader();`,
  };
  // CommonJS starts sooner: Node need not load what it loads modules with.
  const define = { 'import.meta.dirname': '__dirname' };
  for (const [name, contents] of Object.entries(doors))
    await bundle({
      stdin: { contents, resolveDir: root },
      outfile: join(fresh, `${name}.cjs`),
      format: 'cjs',
      define,
      external: ['./program/*'],
    });
}

async function bundle(options) {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minify: true,
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  return metafile;
}

/** Where a throwaway machine cannot be had, with the part of the program that looks at a file only. */
function warm() {
  const tsx = ['node_modules/.bin/tsx', 'scripts/warm.ts', fresh];
  const options = { cwd: root, stdio: 'ignore' };
  if (spawnSync('sh', ['scripts/machine.sh', ...tsx, 'machine'], options).status === 0) return;
  if (spawnSync(tsx[0], tsx.slice(1), options).status === 0) return;
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
