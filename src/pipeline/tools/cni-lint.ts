import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { atValue, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { CniConfig } from '../../model/lab-parts/lab-attachment.ts';
import {
  type ConflistFile,
  checkConflists,
  conflistQuery,
  type JsonDocument,
  labOfConflists,
  readConflistFile,
  readJson,
} from '../../registry/conflists.ts';
import type { Session } from '../session.ts';
import { readInputFile } from '../topology/read-file.ts';

/** The files of network configurations that were checked, in the order in which a runtime reads them. */
export type CniLintResult = {
  readonly files: readonly TopologyDiagnostics[];
  /** Null: it was one file, and not a folder. */
  readonly folder: CniFolder | null;
};

/** What container runtimes make of a folder. */
export type CniFolder = {
  readonly path: string;
  /** The first by name: the one that the kubelet's runtime uses. Null: there is none. */
  readonly first: string | null;
  /** The first by name without an error, and with all its plugins: CRI-O leaves others out. */
  readonly firstUsable: string | null;
  /** What has another ending, and is never read. */
  readonly ignored: readonly string[];
};

/** Checks a network configuration, or all of a folder, also against the plugins of this machine. Throws E_NO_FILE. */
export function lintConflists({ machine }: Session, path: string): CniLintResult {
  const folder = path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory() ? listFolder(path) : null;
  const drafts = (folder === null ? [path] : folder.read.map((name) => join(path, name))).map(readDraft);
  const set = labOfConflists(drafts.flatMap(({ conflist }) => conflist?.file ?? []));
  const query = conflistQuery(set);
  const found = [...sameNames(drafts), ...checkConflists(set, machine.read(query))];
  const files = drafts.map((draft, index) => {
    const { diagnostics } = draft.findings;
    const said = new Set(
      diagnostics.flatMap(({ at }) => (at && 'path' in at && at.path.length > 0 ? [JSON.stringify(at)] : [])),
    );
    const own = found.flatMap((one) => ofFile(one, index, draft)).filter(({ at }) => !said.has(JSON.stringify(at)));
    return { ...draft.findings, diagnostics: [...diagnostics, ...own] };
  });
  if (folder === null) return { files, folder: null };
  const firstUsable = folder.read.find((_, i) => files[i] && isUsable(files[i])) ?? null;
  return { files, folder: { path, first: folder.read[0] ?? null, firstUsable, ignored: folder.ignored } };
}

const isUsable = ({ diagnostics }: TopologyDiagnostics): boolean =>
  diagnostics.every(
    ({ severity, check }) => severity !== 'error' && check !== 'cni-plugin-missing' && check !== 'cni-plugin-version',
  );

/** A file before it is compared with others: its places begin with its index. */
type LintDraft = { readonly findings: TopologyDiagnostics; readonly conflist: ConflistFile | null };

/** The endings that go-cni of containerd and ocicni of CRI-O read, in one order by name. */
const READ_ENDING = /\.(?:conf|conflist|json)$/;

function listFolder(path: string): { readonly read: readonly string[]; readonly ignored: readonly string[] } {
  const names = readFolder(path).filter((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile());
  // Both sort by bytes.
  const sorted = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return {
    read: sorted.filter((name) => READ_ENDING.test(name)),
    ignored: sorted.filter((name) => !READ_ENDING.test(name)),
  };
}

function readFolder(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw netformError('E_NO_FILE', EXIT.usage, `cannot read ${path}: ${error instanceof Error ? error.message : ''}`);
  }
}

function readDraft(path: string, index: number): LintDraft {
  const { file, bytes } = readInputFile(path);
  const document: JsonDocument = readJson(bytes);
  const { text, value, locate } = document;
  const conflist = value === undefined ? null : readConflistFile(path, value, [index]);
  const form = (conflist?.diagnostics ?? []).map((one) => withPlaces(one, index));
  return {
    findings: { file, text, locate, isWhole: value !== undefined, diagnostics: [...document.diagnostics, ...form] },
    conflist,
  };
}

/** A finding of one file, at its place there; what it relates to in another file is left out: its message names it. */
function ofFile(one: Diagnostic, index: number, { conflist }: LintDraft): readonly Diagnostic[] {
  if (one.at === null || !('path' in one.at) || one.at.path[0] !== index) return [];
  return [withPlaces(one, index, conflist?.toWritten)];
}

function withPlaces(one: Diagnostic, index: number, toWritten: ConflistFile['toWritten'] = (path) => path): Diagnostic {
  const inFile = (at: SourceLocation): SourceLocation =>
    'path' in at ? { ...at, path: toWritten(at.path).slice(1) } : at;
  const related = one.related.filter(({ at }) => !('path' in at) || at.path[0] === index);
  return {
    ...one,
    at: one.at && inFile(one.at),
    related: related.map(({ at, message }) => ({ at: inFile(at), message })),
  };
}

/** Of two files with one name of a network, tools that look by name see the first only. */
function sameNames(drafts: readonly LintDraft[]): readonly Diagnostic[] {
  return drafts.flatMap(({ conflist }, index) => {
    const name = conflist?.file?.content['name'];
    const first = drafts.findIndex((other) => other.conflist?.file?.content['name'] === name);
    if (typeof name !== 'string' || first === index) return [];
    const message = `network ${name} is also in ${drafts[first]?.findings.file}, which is read first`;
    return [
      makeDiagnostic('cni-duplicate', atValue([index, 'name']), message, { hint: 'give one of them another name' }),
    ];
  });
}

/** The file of a network, and its list of plugins; null: it has none. */
export type FoundConflist = { readonly file: string; readonly config: CniConfig | null };

/** Finds a network by its name in the folder of runtimes, or by the path of its file. Throws E_NO_NETWORK. */
export function findConflist(network: string): FoundConflist {
  if (network.includes('/')) return { file: network, config: readConfig(network) };
  const found = conflistOf(network);
  if (found) return found;
  const names = listConflists().flatMap(({ config }) => config?.name ?? []);
  throw netformError('E_NO_NETWORK', EXIT.usage, `no file of ${CONFIG_FOLDER} has a network ${network}`, {
    hint: names.length > 0 ? `there is ${names.join(', ')}` : 'give the path of its file',
  });
}

/** The first file of the folder of runtimes that has a network of that name; null: none has. */
export const conflistOf = (network: string): FoundConflist | null =>
  listConflists().find(({ config }) => config?.name === network) ?? null;

function listConflists(): readonly FoundConflist[] {
  const { read } = statSync(CONFIG_FOLDER, { throwIfNoEntry: false }) ? listFolder(CONFIG_FOLDER) : { read: [] };
  return read.map((name) => join(CONFIG_FOLDER, name)).map((file) => ({ file, config: readConfig(file) }));
}

const CONFIG_FOLDER = '/etc/cni/net.d';

function readConfig(path: string): CniConfig | null {
  const { value } = readJson(readInputFile(path).bytes);
  const content = value === undefined ? undefined : readConflistFile(path, value, []).file?.content;
  return content && Array.isArray(content['plugins']) ? (content as CniConfig) : null;
}
