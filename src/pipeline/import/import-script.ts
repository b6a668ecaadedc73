import { basename } from 'node:path';
import { withProgress } from '../../model/results/progress.ts';
import { withMachine } from '../host-session.ts';
import type { Session } from '../session.ts';
import { readInputFile } from '../topology/read-file.ts';
import { importScriptInSandbox } from './script-sandbox.ts';
import { labNameOf, requireLabName, type TopologyImport, toTopologyImport } from './topology-import.ts';

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
    const warnings = scriptWarnings(end, seconds);
    const topology = toTopologyImport(progress, imported, [
      `What ${file === '-' ? 'the script' : basename(file)} builds.`,
      ...warnings.slice(0, 1),
    ]);
    return { ...topology, notes: [...warnings, ...topology.notes] };
  });

type ScriptEnd = { readonly exitCode: number | null; readonly printed: string };

function scriptWarnings({ exitCode, printed }: ScriptEnd, seconds: number): readonly string[] {
  if (exitCode === 0) return [];
  const how = exitCode === null ? `took longer than ${seconds} s and was ended` : `ended with exit code ${exitCode}`;
  const last = printed
    .trim()
    .split('\n')
    .slice(-3)
    .filter((line) => line !== '');
  return [`The script ${how}: this is what was there then.`, ...last];
}
