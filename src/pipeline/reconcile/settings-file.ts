import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { EXIT, netformError } from '../../model/error.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { isName } from '../../net/name.ts';
import { readSettings, type SettingsReading } from '../../reconcile/read-settings.ts';
import { listReconciles } from '../../store/reconcile-store.ts';
import type { Store } from '../../store/store.ts';
import { trustProblem } from './trusted-file.ts';

/** Where the reconcile files of this machine are. */
export const RECONCILE_FOLDER = '/etc/netform/reconcile.d';
const ENDING = '.yaml';

/** The names of the reconcile files of this machine, sorted. */
export const listReconcileFiles = (): readonly string[] =>
  existsSync(RECONCILE_FOLDER)
    ? readdirSync(RECONCILE_FOLDER)
        .filter((file) => file.endsWith(ENDING))
        .map((file) => basename(file, ENDING))
        .filter(isName)
        .toSorted()
    : [];

/** A reconcile file: by what name netform knows it, and where it is. */
export type ReconcileFile = { readonly name: string; readonly file: string };

/** The reconcile file that an argument means: a path, or the name of one of this machine. Throws E_NO_FILE, E_USAGE. */
export function findReconcileFile(argument: string): ReconcileFile {
  const isPath = argument.includes('/') || /\.ya?ml$/.test(argument);
  const file = isPath ? resolve(argument) : join(RECONCILE_FOLDER, `${argument}${ENDING}`);
  const name = basename(file, extname(file));
  if (!isName(name) || RESERVED.has(name)) {
    const hint = 'a name begins with a letter; status, suspend, resume, approve and now are commands';
    throw netformError('E_USAGE', EXIT.usage, `${file} cannot have that name`, { hint });
  }
  if (existsSync(file)) return { name, file };
  const files = listReconcileFiles();
  const near = closestMatch(name, files);
  const known = files.length === 0 ? `${RECONCILE_FOLDER} has none` : `${RECONCILE_FOLDER} has ${files.join(', ')}`;
  throw netformError('E_NO_FILE', EXIT.usage, `there is no reconcile file ${file}`, {
    hint: near === null ? known : `did you mean ${near}?`,
  });
}

const RESERVED = new Set(['status', 'suspend', 'resume', 'approve', 'now']);

/** The name of a reconcile that has a file or has run. Throws E_NO_FILE. */
export function findReconcileName(store: Store, argument: string): string {
  if (listReconciles(store).includes(argument)) return argument;
  return findReconcileFile(argument).name;
}

/** Reads a reconcile file. Throws E_UNSAFE_FILE when another user could have written it. */
export function readReconcileFile({ name, file }: ReconcileFile): SettingsReading {
  const distrust = trustProblem(file);
  if (distrust !== null)
    throw netformError('E_UNSAFE_FILE', EXIT.usage, distrust, {
      hint: `it decides what root does: chown root ${file}; chmod go-w ${file}`,
    });
  return readSettings({ name, file, bytes: readFileSync(file) });
}

/** The mistakes of a reconcile file, and why a run would refuse it, or files that it names, on this machine. */
export function checkReconcileFile({
  name,
  file,
}: ReconcileFile): SettingsReading & { readonly warnings: readonly string[] } {
  const reading = readSettings({ name, file, bytes: readFileSync(file) });
  const { verify, report } = reading.settings ?? {};
  const trusted = [file, verify?.signedBy ?? [], report?.command?.[0] ?? []].flat();
  return { ...reading, warnings: trusted.flatMap((path) => trustProblem(path) ?? []) };
}
