// Runs netform commands, one after the other, in this process: reads [{ args, cwd }] as JSON from standard input, prints
// [{ code, stdout, stderr }].
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

const require = createRequire(import.meta.url);
const pjson = require('../../../package.json');
/** As src/entries/bundle.ts runs a script of the build. */
function load(name) {
  const filename = require.resolve(`../../../dist/program/${name}.cjs`);
  const nodeRequire = createRequire(filename);
  const module = { exports: {} };
  const inner = (id) => (id.startsWith('part:') ? load(id.slice('part:'.length)) : nodeRequire(id));
  const run = new Script(readFileSync(filename, 'latin1'), { filename }).runInThisContext();
  run(module.exports, inner, module, filename, dirname(filename));
  return module.exports;
}

const { startCommandLine } = load('program');
const real = { out: process.stdout.write.bind(process.stdout), err: process.stderr.write.bind(process.stderr) };
const ended = [];
for (const { args, cwd } of JSON.parse(readFileSync(0, 'utf8'))) {
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'])
    process[stream].write = (text) => {
      printed[stream] += text;
      return true;
    };
  process.exitCode = 0;
  process.chdir(cwd ?? '/');
  await startCommandLine(args, pjson);
  ended.push({ code: process.exitCode, ...printed });
}
process.stdout.write = real.out;
process.exitCode = 0;
process.stdout.write(JSON.stringify(ended));
