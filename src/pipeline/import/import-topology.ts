import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { importCompose } from '../../import/compose.ts';
import { importContainerlab } from '../../import/containerlab.ts';
import { importLive } from '../../import/live.ts';
import type { ImportResult } from '../../import/result.ts';
import { netnsNames } from '../../kernel/netns/netns.ts';
import { readImportFacts } from '../../kernel/read/import-facts.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';
import { type Progress, withProgress } from '../../model/results/progress.ts';
import { isName } from '../../net/name.ts';
import { printTopology } from '../../source/print-yaml.ts';
import { readYaml } from '../../source/read-yaml.ts';
import { withMachine } from '../host-session.ts';
import type { OfflineSession, Session } from '../session.ts';
import { toTopologyDiagnostics } from '../topology/diagnostics.ts';
import { readInputFile } from '../topology/read-file.ts';
import { resolveOffline } from '../topology/resolve.ts';
import { importScriptInSandbox } from './script-sandbox.ts';

/** A topology as text, what is wrong with it (nothing, as a rule), and what has to be said besides. */
export type TopologyImport = {
  readonly text: string;
  readonly findings: TopologyDiagnostics;
  readonly unknown: readonly string[];
  readonly notes: readonly string[];
};

/** `namespaces` null: all that there are. */
export type LiveImportRequest = {
  readonly namespaces: readonly string[] | null;
  readonly host: 'touched' | 'whole';
  readonly name: string | null;
};

/** The topology that describes what is there. Looks only. Throws E_NO_NAMESPACE when there is none of a name. */
export const importMachine = (
  session: Session,
  { namespaces, host, name }: LiveImportRequest,
): Promise<TopologyImport> =>
  withMachine(session, ({ progress }) => {
    const there = netnsNames();
    const missing = namespaces?.find((one) => !there.includes(one));
    if (missing !== undefined) throw noNamespaceError(missing, there);
    const names = namespaces ?? there;
    const size = names.length;
    const inventory = withProgress(progress, [`reading ${size} namespaces`, size], () => readImportFacts(names, null));
    return withProgress(progress, ['describing what is there', size], () => {
      const imported = importLive(inventory, { name: requireLabName(name ?? 'imported'), host, ports: 'exact' });
      const text = toTopologyImport(progress, imported, [
        `What was on this machine: netform plan --adopt takes it over as it is.`,
      ]);
      return size > 0 || host === 'whole' ? text : { ...text, notes: [NO_NAMESPACES_MESSAGE, ...text.notes] };
    });
  });

const NO_NAMESPACES_MESSAGE = 'there is no namespace on this machine; with --host the machine itself is described';

/** Nobody knows how long a script takes. */
const UNKNOWN_SIZE = Number.POSITIVE_INFINITY;

/** The topology that describes what a script builds. */
export const importFromScript = (
  session: Session,
  file: string,
  { name, seconds }: { readonly name: string | null; readonly seconds: number },
): Promise<TopologyImport> =>
  withMachine(session, ({ progress }) => {
    const script = readInputFile(file).bytes.toString();
    const label = requireLabName(name ?? labNameOf(file));
    const { imported, end } = withProgress(progress, ['running the script', UNKNOWN_SIZE], () =>
      importScriptInSandbox(script, { name: label, seconds }),
    );
    const trouble = scriptWarnings(end, seconds);
    const result = toTopologyImport(progress, imported, [
      `What ${file === '-' ? 'the script' : basename(file)} builds.`,
      ...trouble.slice(0, 1),
    ]);
    return { ...result, notes: [...trouble, ...result.notes] };
  });

/** The topology that a file of containerlab's or Docker Compose's describes, as far as it is one. Throws E_FORMAT. */
export function importFromFile(
  { progress }: OfflineSession,
  file: string,
  { of, name }: { readonly of: 'containerlab' | 'compose'; readonly name: string | null },
): TopologyImport {
  const read = readYaml(readInputFile(file).bytes.toString());
  const section = of === 'containerlab' ? 'topology' : 'services';
  if ('problem' in read) throw wrongFormatError(file, of, read.problem);
  const { value } = read;
  if (typeof value !== 'object' || value === null || !(section in value))
    throw wrongFormatError(file, of, `it has no "${section}"`);
  const given = name === null ? null : requireLabName(name);
  const own = labNameOf('name' in value && typeof value['name'] === 'string' ? `${value['name']}.` : file);
  const imported = of === 'containerlab' ? importContainerlab(value, given ?? own) : importCompose(value, given ?? own);
  return toTopologyImport(progress, imported, [
    `What ${file === '-' ? 'the file' : basename(file)} says, without what runs there.`,
  ]);
}

const wrongFormatError = (file: string, of: string, why: string) =>
  netformError('E_FORMAT', EXIT.usage, `${file} is not a ${of === 'compose' ? 'Docker Compose' : of} file: ${why}`);

function scriptWarnings(
  { exitCode, printed }: { readonly exitCode: number | null; readonly printed: string },
  seconds: number,
): readonly string[] {
  if (exitCode === 0) return [];
  const how = exitCode === null ? `took longer than ${seconds} s and was ended` : `ended with exit code ${exitCode}`;
  const last = printed
    .trim()
    .split('\n')
    .slice(-3)
    .filter((line) => line !== '');
  return [`The script ${how}: this is what was there then.`, ...last];
}

/** `lab` of `path/lab.sh`. */
const labNameOf = (file: string): string =>
  basename(file === '-' ? 'imported' : file)
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 63) || 'imported';

function requireLabName(name: string): string {
  if (isName(name)) return name;
  throw netformError('E_USAGE', EXIT.usage, `${JSON.stringify(name)} cannot be the name of a lab`, {
    hint: 'a name begins with a letter and has letters, digits, -, _ and . in it',
  });
}

/** Prints what was imported, and reads it again as every other command will. */
function toTopologyImport(progress: Progress, imported: ImportResult, first: readonly string[]): TopologyImport {
  const { document, head, comments, unknown, unknownIs } = imported;
  const told = unknown.map((line) => `${unknownIs}: ${line}`);
  const text = printTopology(document, [{ at: [], text: [...first, ...head, ...told].join('\n') }, ...comments]);
  const findings = toTopologyDiagnostics(
    resolveOffline(progress, { file: 'the imported topology', vars: [], varFile: null, text }),
  );
  return { text, findings, unknown, notes: told };
}

/** Writes the text to a file; over one that is there only when that is `replaced`. Throws E_FILE. */
export function writeImport(path: string, text: string, fate: 'kept' | 'replaced'): void {
  try {
    writeFileSync(path, text, { flag: fate === 'kept' ? 'wx' : 'w' });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = isThere ? 'it is there already' : writeErrorReason(error);
    throw netformError('E_FILE', EXIT.usage, `cannot write ${path}: ${why}`, {
      hint: isThere ? 'give -o another file, or --force to write over it' : 'give -o another file',
    });
  }
}

const noNamespaceError = (name: string, there: readonly string[]) =>
  netformError('E_NO_NAMESPACE', EXIT.usage, `there is no namespace ${name}`, {
    hint: there.length === 0 ? 'there is none on this machine' : `there are: ${there.join(', ')}`,
  });
