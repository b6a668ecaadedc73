// Compiles src to dist. The old dist stays until the new one is complete; then it goes whole, so that a command that was
// removed does not stay. With --faults: to dist-faults, with the faults of the campaign around its doors to the machine.
import { spawnSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isFaulty = process.argv.includes('--faults');
const JOURNAL = `import { writeSync } from 'node:fs';
import { withJournalFaults } from '../kernel/faults.js';
import { lineOf } from './append.plain.js';
const tear = (fd, record) => writeSync(fd, lineOf(record).slice(0, 40));`;
const name = isFaulty ? 'dist-faults' : 'dist';
const fresh = `${root}${name}.${process.pid}`;
const tsc = `${root}node_modules/typescript/bin/tsc`;
const options = ['--project', isFaulty ? 'tsconfig.faults.json' : 'tsconfig.build.json', '--outDir', fresh];
const node = (...argv) => spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' }).status;
const status = node(tsc, ...options) || node('scripts/compile-schema.mjs', `${fresh}/source/compiled-schema.cjs`);
if (status === 0) {
  if (isFaulty) openDoors();
  rmSync(`${root}${name}`, { recursive: true, force: true });
  renameSync(fresh, `${root}${name}`);
} else {
  rmSync(fresh, { recursive: true, force: true });
}
process.exitCode = status ?? 1;

function openDoors() {
  wrap('kernel/machine', "import { withFaults } from './faults.js';", 'realMachine = withFaults(plain)');
  wrap('store/append', JOURNAL, 'appendRecord = withJournalFaults(plain, tear)');
}

/** The module takes another name, and one of the old name gives the same, but for the door. */
function wrap(module, head, door) {
  const path = `${fresh}/${module}`;
  const plain = `./${module.split('/').at(-1)}.plain.js`;
  renameSync(`${path}.js`, `${path}.plain.js`);
  const name = door.split(' ')[0];
  const lines = [
    `export * from '${plain}';`,
    `import { ${name} as plain } from '${plain}';`,
    head,
    `export const ${door};`,
  ];
  writeFileSync(`${path}.js`, `${lines.join('\n')}\n`);
}
