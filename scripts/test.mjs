// Everything that has to hold, one command: `npm test`. Every step runs even when one before it failed.
// The last line is the sum: `N passed, N failed`.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchNeighbours } from './neighbours.mjs';
import { fetchPrograms } from './programs.mjs';
import { root, setup } from './setup.mjs';

setup();
process.env.NETFORM_TEST_PROGRAMS = fetchNeighbours();
fetchPrograms();
const scratch = mkdtempSync(join(tmpdir(), 'netform-test-'));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const total = { passed: 0, failed: 0, skipped: 0 };

/** The longest first: they run side by side. What is packed has to be built before. */
const steps = [
  [
    ['build', process.execPath, ['scripts/build.mjs']],
    ['the package installs and runs', process.execPath, ['scripts/package.mjs', scratch]],
  ],
  [['types', bin('tsc'), ['--noEmit']]],
  [['generated files are up to date', bin('tsx'), ['scripts/generate.ts', '--check']]],
  [['nothing unused', bin('knip'), []]],
  [['lint and format', bin('biome'), ['check', '.']]],
];

try {
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  tests();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function work() {
  for (let next = steps.shift(); next !== undefined; next = steps.shift()) {
    for (const [title, program, args] of next) await step(title, program, args);
  }
}

/** Quiet when it succeeds; otherwise shows all that the program printed. */
async function step(title, program, args) {
  const started = Date.now();
  const { status, printed } = await ended(program, args);
  const ok = status === 0;
  total[ok ? 'passed' : 'failed'] += 1;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(printed.trimEnd());
}

function ended(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        printed += text;
      });
    }
    child.once('error', ({ message }) => resolve({ status: null, printed: message }));
    child.once('close', (status) => resolve({ status, printed }));
  });
}

/** All tests, inside one throwaway machine, so that nothing of this one can be touched. */
function tests() {
  const report = join(scratch, 'vitest.json');
  const vitest = [bin('vitest'), 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
  // A busy machine may be late once: in CI, what fails twice is wrong.
  if (process.env.CI) vitest.push('--retry=1');
  const machine = join(root, 'scripts', 'machine.sh');
  const argv = [machine, ...vitest, ...process.argv.slice(2)];
  const { status } = spawnSync('sh', argv, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const result = read(report);
  if (result === null) return fail(`vitest ended with ${status} and left no report`);
  total.passed += result.numPassedTests;
  total.failed += result.numFailedTests;
  const suites = result.testResults;
  for (const { name, message } of suites.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  ))
    fail(`${name}: ${message}`);
  for (const test of suites.flatMap((suite) => suite.assertionResults).filter(isSkipped)) {
    total.skipped += 1;
    console.log(`skipped: ${test.fullName}`);
  }
  if (status !== 0 && total.failed === 0) fail(`vitest ended with ${status}`);
}

function isSkipped(test) {
  return ['pending', 'skipped', 'todo'].includes(test.status);
}

function fail(message) {
  total.failed += 1;
  console.log(`FAILED ${message}`);
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
