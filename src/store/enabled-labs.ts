import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { invariant } from '../model/error.ts';
import { isJsonObject } from '../model/json.ts';
import { isName } from '../net/name.ts';
import { syncFolder, writeAtomic, writeNewFile } from './atomic-write.ts';
import { checkPrivateFile, checkPrivateFolder, ensurePrivateFolder, type Store } from './store.ts';

/** What is applied at boot for a lab: its file, and the variables that it is applied with. */
export type EnabledLab = {
  readonly lab: string;
  /** Absolute; null: only the copy of what was applied last. */
  readonly file: string | null;
  /** `NAME=VALUE`. */
  readonly vars: readonly string[];
  /** Absolute; null: none. */
  readonly varFile: string | null;
};

/** A topology as it was applied, and the files beside it that it names, by their paths from its folder; one character for each byte. */
export type LastGoodCopy = { readonly topology: string; readonly files: ReadonlyMap<string, string> };

/** Beside the folders of the labs, whose names begin with letters. */
const FOLDER = '.enabled';
const RECORD = 'lab.json';
const COPY = 'last-good';
/** The name of the topology in the copy. */
export const COPIED_TOPOLOGY = 'topology.yaml';

/** Has a lab applied at boot, durable when this returns. */
export function writeEnabledLab(store: Store, one: EnabledLab): void {
  for (const folder of [store.state, join(store.state, FOLDER), labFolder(store, one.lab)])
    ensurePrivateFolder(store, folder);
  writeAtomic(join(labFolder(store, one.lab), RECORD), `${JSON.stringify({ version: 1, ...one }, null, 2)}\n`);
  syncFolder(join(store.state, FOLDER));
  syncFolder(store.state);
}

/** How a lab is applied at boot; null: it is not. */
export function readEnabledLab(store: Store, lab: string): EnabledLab | null {
  if (!isName(lab) || !checkPrivateFolder(store, store.state) || !checkPrivateFolder(store, labFolder(store, lab)))
    return null;
  const path = join(labFolder(store, lab), RECORD);
  if (!checkPrivateFile(store, path)) return null;
  const record: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isJsonObject(record)) return null;
  const { file, vars, varFile } = record;
  return {
    lab,
    file: typeof file === 'string' ? file : null,
    vars: Array.isArray(vars) ? vars.filter((one) => typeof one === 'string') : [],
    varFile: typeof varFile === 'string' ? varFile : null,
  };
}

/** The labs that are applied at boot, sorted. */
export function listEnabledLabs(store: Store): readonly string[] {
  if (!checkPrivateFolder(store, store.state) || !checkPrivateFolder(store, join(store.state, FOLDER))) return [];
  const labs = readdirSync(join(store.state, FOLDER)).filter(isName);
  return labs.filter((lab) => readEnabledLab(store, lab) !== null).sort();
}

/** Has a lab no longer applied at boot, and removes what was kept for it. */
export function removeEnabledLab(store: Store, lab: string): void {
  rmSync(labFolder(store, lab), { recursive: true, force: true });
  const folder = join(store.state, FOLDER);
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Keeps what was applied, whole: the copy of before stays until this one is complete. */
export function writeLastGood(store: Store, lab: string, { topology, files }: LastGoodCopy): void {
  const folder = labFolder(store, lab);
  const [fresh, former] = [join(folder, `${COPY}.new`), join(folder, `${COPY}.old`)];
  for (const one of [fresh, former]) rmSync(one, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeNewFile(join(fresh, COPIED_TOPOLOGY), topology);
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(fresh, path)), { recursive: true, mode: 0o700 });
    writeNewFile(join(fresh, path), Buffer.from(bytes, 'latin1'));
  }
  if (existsSync(join(folder, COPY))) renameSync(join(folder, COPY), former);
  renameSync(fresh, join(folder, COPY));
  syncFolder(folder);
  rmSync(former, { recursive: true, force: true });
}

/** The folder of the copy; null: nothing was kept. After a crash between the two renames it is the former one. */
export function lastGoodFolder(store: Store, lab: string): string | null {
  const folder = labFolder(store, lab);
  const found = [COPY, `${COPY}.old`].map((name) => join(folder, name));
  return found.find((one) => existsSync(join(one, COPIED_TOPOLOGY))) ?? null;
}

function labFolder(store: Store, lab: string): string {
  invariant(isName(lab), `${lab} is not the name of a lab`);
  return join(store.state, FOLDER, lab);
}
