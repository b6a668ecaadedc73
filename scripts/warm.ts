// Writes down what V8 compiles while the built program in a folder does something, so that it need not do it again at each
// start: a build is warmed in a throwaway machine, where it makes a lab. Usage: tsx scripts/warm.ts DIST COMMAND...
import { readFileSync, writeFileSync } from 'node:fs';
import { codeCacheFile, compileBundle, runBundle } from '../src/entries/bundle.ts';

const [folder = '', ...commands] = process.argv.slice(2);
const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const script = compileBundle(folder);
const { startCommandLine } = runBundle(script, folder);
for (const command of commands) await startCommandLine(command.split(' '), pjson);
if (process.exitCode === 0) writeFileSync(codeCacheFile(folder), script.createCachedData());
