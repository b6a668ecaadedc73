import { basename } from 'node:path';
import type { SandboxScriptResult } from '../../kernel/process/sandbox/sandbox.ts';
import { withProgress } from '../../model/results/progress.ts';
import { withMachine } from '../host-session.ts';
import type { Session } from '../session.ts';
import { readInputFile } from '../topology/read-file.ts';
import { importScriptInSandbox } from './script-sandbox.ts';
import {
  labNameOf,
  requireLabName,
  type SourceErrors,
  type TopologyImport,
  toTopologyImport,
} from './topology-import.ts';

/** How long a script runs is not known. */
const UNKNOWN_SIZE = Number.POSITIVE_INFINITY;

/** The topology that describes what a script builds; `seconds`: it is killed after so long. Throws E_SCRIPT, E_NO_FILE. */
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
    const errors = reportErrors(end.errors, file);
    const ended = endWarning(end.exitCode, seconds);
    const topology = toTopologyImport(progress, imported, [
      `What ${file === '-' ? 'the script' : basename(file)} builds.`,
      ...ended,
      ...(errors === null ? [] : [`${errors.summary}:`, ...errors.lines.map((line) => `  ${line}`)]),
    ]);
    return { ...topology, errors, notes: [...ended, ...topology.notes] };
  });

/** How many errors are shown. */
const MAX_ERRORS = 5;

/** The first errors with the script's name and lines. Null: there are none. */
function reportErrors(errors: SandboxScriptResult['errors'], file: string): SourceErrors | null {
  if (errors.length === 0) return null;
  const place = (line: number | null): string => {
    const name = file === '-' ? '' : `${basename(file)}:`;
    if (line === null) return name;
    return file === '-' ? `line ${line}:` : `${name}${line}:`;
  };
  const shown = errors.slice(0, MAX_ERRORS).map(({ line, text }) => `${place(line)} ${text.trim()}`.trim());
  const more = errors.length - shown.length;
  const count = errors.length === 1 ? 'one command' : `${errors.length} commands`;
  const whose = file === '-' ? 'the script' : basename(file);
  return {
    summary: `${count} of ${whose} failed; what ${errors.length === 1 ? 'it' : 'they'} would have built is missing here`,
    lines: more > 0 ? [...shown, `and ${more} more`] : shown,
  };
}

function endWarning(exitCode: number | null, seconds: number): readonly string[] {
  if (exitCode === 0) return [];
  const how = exitCode === null ? `took longer than ${seconds} s and was ended` : `ended with exit code ${exitCode}`;
  return [`The script ${how}: this is what was there then.`];
}
