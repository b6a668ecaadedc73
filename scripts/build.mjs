// Compiles src to dist. The old dist stays until the new one is complete; then it goes whole, so that a command that was
// removed does not stay.
import { spawnSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const fresh = `${root}dist.${process.pid}`;
const tsc = `${root}node_modules/typescript/bin/tsc`;
const options = ['--project', 'tsconfig.build.json', '--outDir', fresh];
const node = (...argv) => spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' }).status;
const status = node(tsc, ...options) || node('scripts/compile-schema.mjs', `${fresh}/source/compiled-schema.cjs`);
if (status === 0) {
  rmSync(`${root}dist`, { recursive: true, force: true });
  renameSync(fresh, `${root}dist`);
} else {
  rmSync(fresh, { recursive: true, force: true });
}
process.exitCode = status ?? 1;
