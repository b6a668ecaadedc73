import { dirname, isAbsolute, join } from 'node:path';
import { cwd } from 'node:process';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { Lab } from '../../model/lab.ts';
import { fileWorkSize, type Progress, withProgress } from '../../model/results/progress.ts';
import { isName } from '../../net/name.ts';
import { checkLab } from '../../registry/checks.ts';
import { checkDraft } from '../../registry/draft.ts';
import { elaborateTopology, loadTopology } from '../../registry/language.ts';
import type { TopologyLoadResult } from '../../source/load.ts';
import { readState } from '../../store/state.ts';
import { openHostStore, type Store } from '../../store/store.ts';
import type { Session } from '../session.ts';
import { tuneForLargeLab } from '../v8-tuning.ts';
import { elaborateCurrent } from './current-addresses.ts';
import { filePlaces } from './file-places.ts';
import { type InputFile, readInputFile } from './read-file.ts';
import { includeReader } from './read-included.ts';

/** What the user asked for: a file and the variables for it. */
export type TopologyRequest = {
  /** `-` is standard input. */
  readonly file: string;
  /** `NAME=VALUE`, in the order of the command line. */
  readonly vars: readonly string[];
  readonly varFile: string | null;
  /** What came in on standard input when it was read; left out: `file` is read. */
  readonly text?: string | null;
  /** A copy that stands in for `file`, and for the files beside it: its folder, absolute, and its name in there. */
  readonly copy?: { readonly folder: string; readonly name: string };
};

/** A topology as far as it can be understood without looking at the machine, with every mistake in it. */
export type TopologyResolution = {
  /** As the user called it. */
  readonly file: string;
  /** Absolute; null for standard input. */
  readonly path: string | null;
  readonly source: TopologyLoadResult;
  /** Null when the file cannot be understood at all. */
  readonly lab: Lab | null;
  readonly diagnostics: readonly Diagnostic[];
};

/** Text → Topology → Lab, with the addresses that the lab and the host have now. */
export const resolveRequest = (session: Session, request: TopologyRequest): TopologyResolution =>
  resolveWith(session.progress, request, session);

/** Text → Topology → Lab, without looking at the machine: automatic addresses are assigned as for a new lab. */
export const resolveOffline = (progress: Progress, request: TopologyRequest): TopologyResolution =>
  resolveWith(progress, request, null);

function resolveWith(progress: Progress, request: TopologyRequest, session: Session | null): TopologyResolution {
  const input = requestInput(request, session);
  if (input.bytes.length > LARGE_TOPOLOGY_BYTES) tuneForLargeLab();
  return withProgress(progress, [`reading ${input.file}`, fileWorkSize(input.bytes.length)], () => {
    const varFile = request.varFile === null ? null : readVariableFile(request.varFile);
    const { file, path } = input;
    const folder = request.copy?.folder ?? (path === null ? cwd() : dirname(path));
    const source = loadTopology(input.bytes, {
      ...{ file, vars: parseVariables(request.vars), varFile, folder },
      ...(path === null && request.copy === undefined ? {} : { readIncluded: includeReader(folder) }),
    });
    const { topology, isConsequence } = source;
    if (topology === null) return { file, path, source, lab: null, diagnostics: checkDraft(source) };
    const lab =
      session === null ? elaborateTopology(topology, {}) : elaborateCurrent(session, topology, filePlaces(folder));
    const found = [...lab.problems, ...checkLab(topology, lab, source.diagnostics)].filter(
      (problem) => !isConsequence(problem),
    );
    return { file, path, source, lab, diagnostics: [...source.diagnostics, ...found] };
  });
}

/** A topology of some hundred namespaces is larger. */
const LARGE_TOPOLOGY_BYTES = 16_384;

function requestInput({ file, text = null, copy }: TopologyRequest, session: Session | null): InputFile {
  if (copy) {
    const { bytes } = readInputFile(join(copy.folder, copy.name));
    return { file, path: isAbsolute(file) ? file : null, bytes };
  }
  if (text !== null) return { file, path: null, bytes: Buffer.from(text) };
  try {
    return readInputFile(file);
  } catch (error) {
    throw (isName(file) ? labInsteadOfFileError(file, session?.store ?? openHostStore()) : null) ?? error;
  }
}

/** The name of a lab of this machine where a file is wanted (E_NO_FILE); null: no lab has that name. */
function labInsteadOfFileError(name: string, store: Store): NetformError | null {
  const state = readState(store, name);
  if (state === null) return null;
  const hint = state.file === null ? undefined : `it was applied from ${state.file}: give that file`;
  const message = `${name} is a lab of this machine; this command reads a file`;
  return netformError('E_NO_FILE', EXIT.usage, message, hint === undefined ? {} : { hint });
}

function parseVariables(written: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    written.map((each) => {
      const at = each.indexOf('=');
      if (at > 0) return [each.slice(0, at), each.slice(at + 1)];
      throw netformError('E_USAGE', EXIT.usage, `--var ${each} has no value`, { hint: `write --var ${each}=VALUE` });
    }),
  );
}

function readVariableFile(path: string): { readonly name: string; readonly text: Uint8Array } {
  return { name: path, text: readInputFile(path).bytes };
}
