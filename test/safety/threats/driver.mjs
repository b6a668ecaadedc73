// Runs netform commands, one after the other, in this process: reads [{ args, cwd }] as JSON from standard input, prints
// [{ code, stdout, stderr }].
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const pjson = require('../../../package.json');
const { startCommandLine } = require('../../../dist/program/program.cjs');
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
