import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { acceptedDocument } from '../../import/accepted-document.ts';
import type { ImportResult } from '../../import/result.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';
import type { Progress } from '../../model/results/progress.ts';
import { isName, LAB_NAME_LENGTH } from '../../net/name.ts';
import { printTopology } from '../../source/print-yaml.ts';
import { toTopologyDiagnostics } from '../topology/diagnostics.ts';
import { resolveOffline } from '../topology/resolve.ts';

/** An imported topology: its text, the diagnostics of it, what it leaves out, and notes for the person who runs it. */
export type TopologyImport = {
  readonly text: string;
  readonly findings: TopologyDiagnostics;
  readonly unknown: readonly string[];
  /** Errors of what was run; null: none, or nothing was run. */
  readonly errors: SourceErrors | null;
  readonly notes: readonly string[];
};

/** Errors that a script printed: what they mean for the topology, and their lines, each with its place in the script. */
export type SourceErrors = { readonly summary: string; readonly lines: readonly string[] };

/** Prints what was imported as a topology, and validates that text as every other command will. `first`: its first comment. */
export function toTopologyImport(progress: Progress, imported: ImportResult, first: readonly string[]): TopologyImport {
  const { head, comments, unknown } = imported;
  const resolve = (text: string) =>
    resolveOffline(progress, { file: 'the imported topology', vars: [], varFile: null, text });
  const { document, refused } = acceptedDocument(imported.document, (one) =>
    resolve(printTopology(one, [])).diagnostics.filter(({ severity }) => severity === 'error'),
  );
  const leftOut = [...imported.leftOut, ...refused];
  const notes = [...unknown.map((line) => `not understood: ${line}`), ...leftOut.map((line) => `left out: ${line}`)];
  const text = printTopology(document, [{ at: [], text: [...first, ...head, ...notes].join('\n') }, ...comments]);
  return {
    text,
    findings: toTopologyDiagnostics(resolve(text)),
    unknown: [...unknown, ...leftOut],
    errors: null,
    notes,
  };
}

/** The name of a lab from the name of a file: `lab` of `path/lab.sh`, `imported` of standard input (`-`). */
export const labNameOf = (file: string): string =>
  basename(file === '-' ? 'imported' : file)
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, LAB_NAME_LENGTH)
    .replace(/[-_.]+$/, '') || 'imported';

/** The name itself. Throws E_USAGE when it cannot be the name of a lab. */
export function requireLabName(name: string): string {
  if (isName(name) && name.length <= LAB_NAME_LENGTH) return name;
  throw netformError('E_USAGE', EXIT.usage, `${JSON.stringify(name)} cannot be the name of a lab`, {
    hint: `a name begins with a letter and consists of at most ${LAB_NAME_LENGTH} letters, digits, -, _ and .`,
  });
}

/** Writes the text to a file; overwrites an existing one only when `fate` is `replaced`. Throws E_FILE. */
export function writeImport(path: string, text: string, fate: 'kept' | 'replaced'): void {
  try {
    writeFileSync(path, text, { flag: fate === 'kept' ? 'wx' : 'w' });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = isThere ? 'it exists already' : writeErrorReason(error);
    throw netformError('E_FILE', EXIT.usage, `cannot write ${path}: ${why}`, {
      hint: `write to another file with -o${isThere ? ', or overwrite it with --force' : ''}`,
    });
  }
}
