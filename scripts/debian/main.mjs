// Makes the Debian package of what was built: `npm run deb`, or `node scripts/debian/main.mjs [--version X] [FOLDER]` after a
// build. The same commit and the same Node give the same bytes. Uses dpkg-deb, and nothing else of Debian.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../setup.mjs';
import { architecture, controlFiles } from './control.mjs';
import { copyright, debianChangelog } from './documents.mjs';
import { commitTime, debianVersion } from './origin.mjs';
import { stage } from './stage.mjs';
import { writeTree } from './tree.mjs';

try {
  const { values, positionals } = parseArgs({ options: { version: { type: 'string' } }, allowPositionals: true });
  if (!existsSync(join(root, 'dist', 'main.cjs'))) throw new Error('nothing is built yet: npm run build');
  console.log(makePackage(values.version ?? debianVersion(), positionals[0] ?? root));
} catch (error) {
  console.error(`deb: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

/** Gives the path of the package, in the folder. */
function makePackage(version, folder) {
  const time = commitTime();
  const tree = mkdtempSync(join(tmpdir(), 'netform-deb-'));
  const path = join(folder, `netform_${version}_${architecture()}.deb`);
  try {
    const files = stage({ changelog: debianChangelog(version, time), copyright: copyright() });
    writeTree(tree, new Map([...files, ...controlFiles(version, files)]), time);
    mkdirSync(folder, { recursive: true });
    // gzip, which every dpkg reads: xz takes ten times as long, for a file that is a quarter smaller.
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', '-Zgzip', tree, path], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SOURCE_DATE_EPOCH: String(time) },
    });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
  return path;
}
