import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { nameSourcesInStacks } from './source-stack.ts';

/** What the build makes of src/entries/program.ts. */
export type BundledProgram = typeof import('./program.ts');

/** The scripts of a build: the program, and the parts of it that are loaded when they are used. */
export type BundleScript = 'program' | 'topology-errors' | 'reconcile-errors' | 'dialog';

/**
 * What the compiled code of the program is for: it has the functions that this needs, and reading more of them than are run
 * takes longer than compiling the few that are missing.
 */
export type BundleUse = 'validate' | 'plan' | 'apply';

/** Loads the built program from a folder, for a command line. */
export function loadProgram(folder: string, [command]: readonly string[] = []): BundledProgram {
  nameSourcesInStacks(scriptFile(folder, 'program'));
  const use = command === 'validate' || command === 'plan' ? command : 'apply';
  return runBundle(compileBundle(folder, 'program', use), folder, 'program');
}

/**
 * A script of the build, with the compiled code that the build stored for this version of V8. V8 ignores stored code that
 * does not fit, for instance because of other flags, and compiles the script. Its text begins and ends as Node wraps a
 * CommonJS module, so that it need not be copied.
 */
export function compileBundle(folder: string, name: BundleScript, use: BundleUse): Script {
  const filename = scriptFile(folder, name);
  const cachedData = name === 'program' ? readCodeCache(codeCacheFile(folder, use)) : null;
  return new Script(readFileSync(filename, 'latin1'), { filename, ...(cachedData === null ? {} : { cachedData }) });
}

/** Runs a script as Node runs a CommonJS module, and gives its exports. It requires a part by its name: `part:dialog`. */
export function runBundle(script: Script, folder: string, name: BundleScript): BundledProgram {
  const filename = scriptFile(folder, name);
  const module: { exports: BundledProgram } = JSON.parse('{ "exports": {} }');
  const nodeRequire = createRequire(filename);
  const parts = new Map<string, unknown>();
  const require = (id: string): unknown => {
    if (!id.startsWith(PART)) return nodeRequire(id);
    if (!parts.has(id)) parts.set(id, loadPart(folder, id.slice(PART.length) as BundleScript));
    return parts.get(id);
  };
  script.runInThisContext()(module.exports, require, module, filename, dirname(filename));
  return module.exports;
}

const PART = 'part:';

const loadPart = (folder: string, name: BundleScript): unknown =>
  runBundle(compileBundle(folder, name, 'apply'), folder, name);

/** The file of the compiled code. It is beside the program: who can write one can write the other. */
export const codeCacheFile = (folder: string, use: BundleUse): string =>
  join(folder, 'program', `${use}.${process.versions.v8}-${process.arch}.compiled`);

const scriptFile = (folder: string, name: BundleScript): string => join(folder, 'program', `${name}.cjs`);

function readCodeCache(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
