import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** What the build has made of src/cli/program.ts. */
export type BundledProgram = typeof import('./program.ts');

/** The built program in a folder. */
export const loadProgram = (folder: string): BundledProgram => runBundle(compileBundle(folder), folder);

/**
 * Its script, compiled by the build already where that was done with the same Node (its compiler's version is part of the
 * name). What does not fit all the same, because of other flags for instance, V8 ignores and compiles anew.
 */
export function compileBundle(folder: string): Script {
  const filename = bundleFile(folder);
  const cachedData = readCodeCache(folder);
  const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(filename, 'latin1')}\n})`;
  return new Script(source, { filename, ...(cachedData === null ? {} : { cachedData }) });
}

/** Runs the script as Node runs a CommonJS module. */
export function runBundle(script: Script, folder: string): BundledProgram {
  const filename = bundleFile(folder);
  const module: { exports: BundledProgram } = JSON.parse('{ "exports": {} }');
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, dirname(filename));
  return module.exports;
}

/** Where the build puts what was compiled. It lies beside the program: who can write the one can write the other. */
export const codeCacheFile = (folder: string): string =>
  join(folder, 'program', `${process.versions.v8}-${process.arch}.compiled`);

const bundleFile = (folder: string): string => join(folder, 'program', 'program.cjs');

function readCodeCache(folder: string): Buffer | null {
  try {
    return readFileSync(codeCacheFile(folder));
  } catch {
    return null;
  }
}
