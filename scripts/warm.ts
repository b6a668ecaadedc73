// Writes down what V8 compiles while the built program in a folder does something, so that it need not do it again at each
// start: a build is warmed in a throwaway machine, where it makes a lab. Usage: tsx scripts/warm.ts DIST [machine]
import { readFileSync, writeFileSync } from 'node:fs';
import { type BundleUse, codeCacheFile, compileBundle, runBundle } from '../src/entries/bundle.ts';

const LAB = 'topologies/port-forward.yaml';
const [folder = '', place] = process.argv.slice(2);
/** One after the other: each has the functions of those before it. */
const COMMANDS: { readonly [use in BundleUse]: readonly string[] } = {
  validate: [`validate ${LAB}`],
  plan: [`plan ${LAB}`],
  apply: [`apply --yes ${LAB}`, `plan ${LAB}`, `validate ${LAB}`, 'destroy --yes port-forward'],
};

const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const script = compileBundle(folder, 'program', 'apply');
const { startCommandLine } = runBundle(script, folder, 'program');
for (const [use, commands] of Object.entries(COMMANDS) as [BundleUse, readonly string[]][]) {
  for (const command of commands)
    if (place === 'machine' || command.startsWith('validate')) await startCommandLine(command.split(' '), pjson);
  if (process.exitCode) process.exit();
  writeFileSync(codeCacheFile(folder, use), script.createCachedData());
}
