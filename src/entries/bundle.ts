import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** What the build makes of src/entries/program.ts. */
export type BundledProgram = typeof import('./program.ts');

/** Loads the built program from a folder. */
export const loadProgram = (folder: string): BundledProgram => runBundle(compileBundle(folder), folder);

/**
 * The script of the built program, with the compiled code that the build stored for this version of V8. V8 ignores
 * stored code that does not fit, for instance because of other flags, and compiles the script.
 */
export function compileBundle(folder: string): Script {
  const filename = bundleFile(folder);
  const cachedData = readCodeCache(folder);
  const source = `(function(exports,require,module,__filename,__dirname){${readFileSync(filename, 'latin1')}\n})`;
  return new Script(source, { filename, ...(cachedData === null ? {} : { cachedData }) });
}

/** Runs the script as Node runs a CommonJS module, and gives its exports. */
export function runBundle(script: Script, folder: string): BundledProgram {
  const filename = bundleFile(folder);
  const module: { exports: BundledProgram } = JSON.parse('{ "exports": {} }');
  script.runInThisContext()(module.exports, createRequire(filename), module, filename, dirname(filename));
  return module.exports;
}

/** The file of the compiled code. It is beside the program: who can write one can write the other. */
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
