import { setTimeout } from 'node:timers/promises';
import { followProcessLog } from '../../kernel/read/process-log.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { ProcessDescription } from '../../model/kernel/lab-process.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { State } from '../../model/state.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { readBlob } from '../../store/blobs.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import { readState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { withLockedMachine, withMachine } from '../host-session.ts';
import { resolveLabName } from '../resolve/lab.ts';
import type { OfflineSession, Session } from '../session.ts';

type ProgramId = { readonly netns: string; readonly name: string };

/** A program of a lab, by the record of that lab. */
type LabProgram = ProgramId & { readonly lab: string; readonly entry: StateEntry };

/** Programs as a person names them: `web` for all of a namespace, `web/http` for one; of one lab only, where that is named. */
type ProgramTarget = { readonly target: string; readonly lab: string | null };

/** The programs that are meant. Throws E_NO_PROCESS with the one that was probably meant. */
export function findPrograms(store: Store, { target, lab }: ProgramTarget): readonly LabProgram[] {
  const all = programsOf(readOtherLabs(store, null).states.filter((state) => lab === null || state.lab === lab));
  const slash = target.indexOf('/');
  const [netns, name] = slash < 0 ? [target, null] : [target.slice(0, slash), target.slice(slash + 1)];
  const found = all.filter((one) => one.netns === netns && (name === null || one.name === name));
  const labs = [...new Set(found.map((one) => one.lab))];
  if (labs.length > 1)
    throw netformError('E_WHICH_LAB', EXIT.usage, `${labs.join(' and ')} have programs called ${target}`, {
      hint: `name the lab: --lab ${labs[0]}`,
    });
  if (found.length > 0) return found;
  const known = all.flatMap((one) => [one.netns, programName(one)]);
  const meant = closestMatch(target, known);
  const some = all.slice(0, MAX_SHOWN).map(programName).join(', ');
  throw netformError('E_NO_PROCESS', EXIT.usage, `there is no program ${target}`, {
    hint:
      meant !== null ? `did you mean ${meant}?` : some === '' ? 'no lab of this machine runs one' : `there are ${some}`,
  });
}

const MAX_SHOWN = 8;

const programsOf = (states: readonly State[]): readonly LabProgram[] =>
  states.flatMap(({ lab, resources }) =>
    resources
      .filter(({ kind }) => kind === 'process')
      .map((entry) => ({ lab, netns: entry.netns, name: String(entry.spec['name']), entry })),
  );

/** `web/http`. */
const programName = ({ netns, name }: ProgramId): string => `${netns}/${name}`;

/** What programs have written, the last lines of each; `follow`: and what they write, until `take` says that it is not read. */
type LogRequest = ProgramTarget & { readonly lines: number | null; readonly follow: boolean };

/** Takes lines of a program; false: its reader has ended. */
type LogHandler = (program: string, lines: readonly string[]) => boolean;

/** Gives the output of programs, in their order, then as it comes. */
export async function readLogs(
  { store }: OfflineSession,
  { lines: most, follow, ...target }: LogRequest,
  take: LogHandler,
): Promise<void> {
  const sources = findPrograms(store, target).map((one) => ({
    name: programName(one),
    next: followProcessLog(one),
    rest: '',
  }));
  for (const one of sources) {
    const lines = splitLines(one, !follow);
    if (!take(one.name, most === null ? lines : lines.slice(-most || lines.length))) return;
  }
  while (follow) {
    await setTimeout(FOLLOW_MS);
    for (const one of sources) {
      const lines = splitLines(one, false);
      if (!take(one.name, lines)) return;
    }
  }
}

const FOLLOW_MS = 200;

/** The whole lines of what is new; `isLast`: and what stands behind them. */
function splitLines(source: { readonly next: () => string; rest: string }, isLast: boolean): readonly string[] {
  const lines = (source.rest + source.next()).split('\n');
  source.rest = lines.pop() ?? '';
  return isLast && source.rest !== '' ? [...lines, source.rest] : lines;
}

/** Ends programs and starts them again as they are recorded. Throws E_FAILED when one does not get ready. */
export const restartPrograms = (
  session: Session,
  { lockTimeoutMs, ...target }: ProgramTarget & { readonly lockTimeoutMs: number },
): Promise<readonly string[]> =>
  withLockedMachine(session, { command: `restart ${target.target}`, timeoutMs: lockTimeoutMs }, (opened) => {
    const { machine, store } = opened;
    const programs = findPrograms(store, target);
    for (const program of programs) {
      const { lab, netns, entry } = program;
      const process = entry.spec as unknown as ProcessDescription;
      const bytesOf = (sha: string) => readBlob(store, lab, sha);
      const [failure] = machine.execute([{ do: 'process.start', netns, lab, process, bytesOf }]);
      if (failure)
        throw netformError('E_FAILED', EXIT.rolledBack, `${programName(program)}: ${failure.message}`, {
          hint: 'netform logs shows its output; netform apply starts it again',
        });
    }
    return programs.map(programName);
  });

/** Waits until all programs of a lab are ready; those that are not after so long. */
export const awaitPrograms = (
  session: Session,
  { lab: target, timeoutMs }: { readonly lab: string | null; readonly timeoutMs: number },
): Promise<{ readonly lab: string; readonly ready: readonly string[]; readonly waiting: readonly string[] }> =>
  withMachine(session, async ({ machine, store }) => {
    const lab = resolveLabName(store, target);
    const state = readState(store, lab);
    if (state === null) throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`);
    const programs = programsOf([state]);
    const query = programs.map(({ netns, name }) => ({ need: 'process-ready', netns, key: `${lab}/${name}` }) as const);
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const live = machine.read(query);
      const isReady = programs.map((_, i) => live.get(query[i] ?? NONE) === true);
      const [ready, waiting] = [true, false].map((wanted) =>
        programs.filter((_, i) => isReady[i] === wanted).map(programName),
      );
      if (waiting?.length === 0 || Date.now() >= deadline) return { lab, ready: ready ?? [], waiting: waiting ?? [] };
      await setTimeout(WAIT_MS);
    }
  });

const WAIT_MS = 100;
const NONE = { need: 'process-ready', netns: 'host', key: '' } as const;
