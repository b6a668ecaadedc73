import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup.mjs';

/** What the program loads by name, because it is not in the bundle; of some packages only what is named here. */
const LOADED = ['koffi', `@koromix/koffi-linux-${process.arch}`, 'elkjs', 'execa'];
const PARTS = {
  koffi: ['index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/static.cjs'],
  [`@koromix/koffi-linux-${process.arch}`]: ['index.js', `linux_${process.arch}/koffi.node`],
  elkjs: ['lib/elk.bundled.js'],
};
const ALWAYS = /^(package\.json|licen[cs]e(\.\w+)?)$/i;

/** The paths of what the program loads, with what that depends on, at their places below node_modules. */
export function loadedFiles() {
  const folders = new Set();
  for (const name of LOADED) addPackage(join('node_modules', name), folders);
  return [...folders].sort().flatMap((folder) => {
    const parts = PARTS[folder.slice('node_modules/'.length)];
    const isWanted = (path) => ALWAYS.test(path) || (parts?.includes(path) ?? /\.[cm]?js$/.test(path));
    return pathsIn(folder)
      .filter(isWanted)
      .map((path) => join(folder, path));
  });
}

function addPackage(folder, folders) {
  if (folders.has(folder)) return;
  folders.add(folder);
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) addPackage(folderOf(name, folder), folders);
}

/** Where Node finds a package from within another one. */
function folderOf(name, within) {
  const nested = join(within, 'node_modules', name);
  return existsSync(join(root, nested)) ? nested : join('node_modules', name);
}

/** Of the package itself: without those that lie in it. */
function pathsIn(folder) {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(root, folder).length + 1))
    .filter((path) => !path.startsWith('node_modules/'))
    .sort();
}
