import { readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, posix, relative, resolve } from 'node:path';
import { checkCodes } from '../../model/diagnostics/check-codes.ts';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, type SourceLocator } from '../../model/diagnostics/source-location.ts';
import { isJsonObject } from '../../model/json.ts';
import type { GrantNeed } from '../../model/results/grant.ts';
import type { FoundLab, SourceTip } from '../../model/results/reconcile-state.ts';
import type { Topology } from '../../model/topology.ts';
import { isName } from '../../net/name.ts';
import type { ReconcileSettings } from '../../reconcile/settings.ts';
import { grantsNeeded } from '../../registry/grants.ts';
import { elaborationQuery, loadTopology } from '../../registry/language.ts';
import { toText } from '../../source/decode.ts';
import { readDocument } from '../../source/document.ts';
import { filePlaces } from '../topology/file-places.ts';
import { includeReader } from '../topology/read-included.ts';
import { trustProblem } from './trusted-file.ts';

/** The folder with the files of a commit, what the machine's own file says, and the variables that it gives. */
export type LabSearch = {
  readonly folder: string;
  readonly settings: Pick<ReconcileSettings, 'labs' | 'allow'>;
  readonly variables: ReadonlyMap<string, string>;
};

type FoundLabs = Pick<SourceTip, 'labs' | 'unnamed'>;

/** Absolute paths that a topology of a source names must be below it. */
const MACHINE_FILES = '/etc/netform';
const TOPOLOGY = /\.(?:ya?ml|json)$/;

/** The labs of a commit, each with what forbids it. Reads nothing of the machine: what a topology names is only looked at by its path. */
export function findLabs(search: LabSearch): FoundLabs {
  const { folder, settings } = search;
  const written = settings.labs === 'auto' ? null : settings.labs;
  const files = written ?? topologiesIn(folder);
  const read = files.map((file) => readLab(search, file));
  const included = new Set(read.flatMap((one) => one.includes));
  const labs = read.flatMap(({ lab }) => lab ?? []);
  const unnamed = read.filter(({ lab, file }) => lab === null && !included.has(file)).map(({ file }) => file);
  const missing = written === null ? [] : unnamed.map((file) => missingLab(file));
  return { labs: withoutDoubles([...labs, ...missing]), unnamed: written === null ? unnamed : [] };
}

const topologiesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => TOPOLOGY.test(path))
    .toSorted();

/** A file; `lab` null: it names none, so that it is a part of others. */
type LabReading = { readonly file: string; readonly lab: FoundLab | null; readonly includes: readonly string[] };

function readLab({ folder, settings, variables }: LabSearch, file: string): LabReading {
  const path = join(folder, file);
  const read = includeReader(folder)(file);
  if ('problem' in read) return { file, lab: refusedLab(file, file, `${file}: ${read.problem}`), includes: [] };
  const { text } = toText(read.bytes);
  const { value } = readDocument(text);
  const head = isJsonObject(value) ? value : {};
  const declared = isJsonObject(head['vars']) ? Object.keys(head['vars']) : [];
  if (isJsonObject(value) && !('name' in head)) return { file, lab: null, includes: [] };
  const vars = [...variables].filter(([name]) => declared.includes(name) || text.includes(`\${${name}}`));
  const source = loadTopology(read.bytes, {
    ...{ file, vars: Object.fromEntries(vars), varFile: null, folder: dirname(path) },
    readIncluded: includeReader(dirname(path)),
  });
  const includes = includedFiles(head['include']).map((one) => posix.join(posix.dirname(file), one));
  const { topology, locate, diagnostics } = source;
  // A name is also that of a file which cannot be read otherwise.
  const written =
    topology?.name ?? head['name'] ?? /^name:\s*["']?([A-Za-z][A-Za-z0-9_.-]*)["']?\s*(?:#.*)?$/m.exec(text)?.[1];
  const lab = typeof written === 'string' && isName(written) ? written : file;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (topology === null || errors.length > 0)
    return { file, lab: refusedLab(lab, file, mistakesText(file, errors, locate)), includes };
  const refusal = grantRefusal(topology, { folder, file, allow: settings.allow, locate });
  return { file, lab: { lab, file, vars: vars.map(([name, one]) => `${name}=${one}`), refusal }, includes };
}

const refusedLab = (lab: string, file: string, problem: string): FoundLab => ({
  lab,
  file,
  vars: [],
  refusal: { reason: 'invalid', problem },
});

const missingLab = (file: string): FoundLab => refusedLab(file, file, `${file} names no lab`);

function includedFiles(include: unknown): readonly string[] {
  const entries = Array.isArray(include) ? include : [include];
  return entries.flatMap((one) => (typeof one === 'string' ? [one] : isJsonObject(one) ? [String(one['file'])] : []));
}

/** The first mistakes by their places and codes: a message may hold what the file says, which is not for logs. */
export function mistakesText(file: string, errors: readonly Diagnostic[], locate: SourceLocator): string {
  const places = errors.slice(0, MOST_SHOWN).map(({ at, check }) => {
    const { line, column, within } = at ? locate(at) : { line: 0, column: 0, within: undefined };
    return `${within?.file ?? file}${at ? `:${line}:${column}` : ''} [${checkCodes[check]} ${check}]`;
  });
  const more = errors.length > MOST_SHOWN ? ` and ${errors.length - MOST_SHOWN} more` : '';
  return `${errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`}: ${places.join(', ')}${more}; netform validate explains ${errors.length === 1 ? 'it' : 'them'}`;
}

const MOST_SHOWN = 5;

type GrantPlace = {
  readonly folder: string;
  readonly file: string;
  readonly allow: ReconcileSettings['allow'];
  readonly locate: SourceLocator;
};

/** What a topology does that the machine does not allow to its source. */
function grantRefusal(topology: Topology, { folder, file, allow, locate }: GrantPlace): FoundLab['refusal'] {
  const needs = grantsNeeded(topology);
  const [denied] = needs.filter(({ grant }) => !allow.includes(grant));
  if (denied !== undefined) return { reason: 'allow', problem: deniedText(denied, file, locate) };
  const places = filePlaces(dirname(join(folder, file)));
  const asked = elaborationQuery(topology, places).flatMap((need) =>
    need.need === 'file' || need.need === 'stored-file' ? [need.key] : [],
  );
  const named = needs.flatMap(({ path }) => (path === undefined ? [] : [resolve(places.folder, path)]));
  const [problem] = [...new Set([...asked, ...named])].flatMap(
    (path) => pathProblem(folder, path, places.credentials) ?? [],
  );
  return problem === undefined ? null : { reason: 'allow', problem: `${file}: ${problem}` };
}

function deniedText({ grant, what, at }: GrantNeed, file: string, locate: SourceLocator): string {
  const { line, column, within } = locate(atKey(at));
  return `${within?.file ?? file}:${line}:${column}: ${what} needs allow: [${grant}] in the reconcile file`;
}

/** Why a topology of a source may not name a file; null: it is in its own folder, or one that root has put there for it. */
function pathProblem(folder: string, path: string, credentials: string | null): string | null {
  if (isBelow(folder, path) || (credentials !== null && isBelow(credentials, path))) return null;
  if (!isBelow(MACHINE_FILES, path)) return `${path} is neither in the folder of the source nor below ${MACHINE_FILES}`;
  return trustProblem(path);
}

function isBelow(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
}

/** Two files that name the same lab are both refused: neither is the right one. */
function withoutDoubles(labs: readonly FoundLab[]): readonly FoundLab[] {
  return labs.map((one) => {
    const other = labs.find(({ lab, file }) => lab === one.lab && file !== one.file);
    return other === undefined
      ? one
      : {
          ...one,
          refusal: { reason: 'invalid', problem: `${one.file} and ${other.file} both name the lab ${one.lab}` },
        };
  });
}
