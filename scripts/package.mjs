// Packs the project, installs the tarball globally into the folder given, and runs what was installed there.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const folder = process.argv[2];
const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const packed = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root));
const { filename, files } = packed[0];
checkContent(files.map(({ path }) => path));
const prefix = join(folder, 'prefix');
npm(
  ['install', '--global', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', prefix, join(folder, filename)],
  folder,
);

const netform = (args) => execFileSync(join(prefix, 'bin', 'netform'), args, { cwd: folder, encoding: 'utf8' });
const version = netform(['--version']);
if (!version.startsWith('netform/')) throw new Error(`netform --version printed: ${version}`);
netform(['validate', join(prefix, 'lib', 'node_modules', 'netform', 'topologies', 'red-blue.yaml')]);

/** What was built, and exactly the files that are meant for users: nothing of how netform is made and tested. */
function checkContent(paths) {
  const wanted = [
    ...['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'],
    ...['bin/package.json', 'bin/run.js', 'man/netform.1'],
    ...['plan', 'reconcile', 'topology'].map((name) => `schemas/${name}.schema.json`),
    ...['templates', 'topologies'].flatMap(filesIn),
  ];
  const missing = wanted.filter((path) => !paths.includes(path));
  const surplus = paths.filter(
    (path) => !wanted.includes(path) && !/^dist\/[\w./-]+\.(js|cjs|compiled|json|map|txt)$/.test(path),
  );
  if (missing.length + surplus.length === 0) return;
  throw new Error(
    `npm pack: missing ${missing.join(', ') || 'nothing'}; not to be shipped ${surplus.join(', ') || 'nothing'}`,
  );
}

function filesIn(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}
