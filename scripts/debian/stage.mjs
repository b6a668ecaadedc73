import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../setup.mjs';
import { loadedFiles } from './packages.mjs';

const LIBRARY = 'usr/lib/netform';
const DOCUMENTS = 'usr/share/doc/netform';

/** By what package.json ships: where it goes; null: what it becomes is said below. */
const PLACES = {
  'bin/package.json': `${LIBRARY}/bin/package.json`,
  'bin/run.js': `${LIBRARY}/bin/run.js`,
  dist: `${LIBRARY}/dist`,
  schemas: `${LIBRARY}/schemas`,
  templates: `${LIBRARY}/templates`,
  topologies: `${DOCUMENTS}/examples`,
  'README.md': `${DOCUMENTS}/README.md`,
  man: null,
  'CHANGELOG.md': null,
  LICENSE: null,
};

/** The files of the package by path: `bytes`, or a link `to` somewhere; a `program` can be run. */
export function stage({ changelog, copyright }) {
  const files = new Map([
    ['usr/bin/netform', { to: '../lib/netform/bin/run.js' }],
    [`${LIBRARY}/package.json`, { bytes: readFileSync(join(root, 'package.json')) }],
    ['usr/share/man/man1/netform.1.gz', compressed('man/netform.1')],
    [`${DOCUMENTS}/changelog.gz`, compressed('CHANGELOG.md')],
    [`${DOCUMENTS}/changelog.Debian.gz`, { bytes: gzipSync(changelog, { level: 9 }) }],
    [`${DOCUMENTS}/copyright`, { bytes: copyright }],
    ...shippedFiles(),
    ...loadedFiles().map((path) => [`${LIBRARY}/${path}`, { bytes: readFileSync(join(root, path)) }]),
    ...filesBelow('templates/systemd', 'usr/lib/systemd/system'),
    ['usr/share/bash-completion/completions/netform', completion('bash')],
    ['usr/share/zsh/vendor-completions/_netform', completion('zsh')],
    ['usr/share/fish/vendor_completions.d/netform.fish', completion('fish')],
  ]);
  // It runs the Node that the package depends on, whichever other one a shell would find first.
  const start = `${LIBRARY}/bin/run.js`;
  const script = files.get(start).bytes.toString().replace('#!/usr/bin/env node\n', '#!/usr/bin/node\n');
  return files.set(start, { bytes: script, program: true });
}

/** What npm packs, at its place here. What V8 compiled fits one version of Node, and is other bytes at each build. */
function shippedFiles() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).files.flatMap((path) => {
    if (!(path in PLACES)) throw new Error(`${path} of package.json has no place in scripts/debian/stage.mjs`);
    if (PLACES[path] === null) return [];
    if (statSync(join(root, path)).isFile()) return [[PLACES[path], { bytes: readFileSync(join(root, path)) }]];
    return filesBelow(path, PLACES[path]).filter(([name]) => !name.endsWith('.compiled'));
  });
}

function filesBelow(folder, place) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return paths.sort().map((path) => [path.replace(join(root, folder), place), { bytes: readFileSync(path) }]);
}

const compressed = (path) => ({ bytes: gzipSync(readFileSync(join(root, path)), { level: 9 }) });

/** What `netform completion` prints. */
const completion = (shell) => ({
  bytes: execFileSync(process.execPath, ['bin/run.js', 'completion', shell], { cwd: root }),
});
