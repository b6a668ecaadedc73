import { bootId } from '../../kernel/boot.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { JournalBegin } from '../../model/journal.ts';
import type { RenameResult } from '../../model/results/rename-result.ts';
import type { State } from '../../model/state.ts';
import { sha256 } from '../../model/values/hash.ts';
import { isName, LAB_NAME_LENGTH } from '../../net/name.ts';
import { kinds } from '../../registry/kinds.ts';
import { loadTopology } from '../../registry/language.ts';
import { beginJournal, listJournals, removeJournal } from '../../store/journal.ts';
import { listStates, readState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { withLockedMachine } from '../host-session.ts';
import { recoverAll } from '../recovery/recover-all.ts';
import { finishRename, type RenameRun, renameOf, undoRename } from '../recovery/recover-rename.ts';
import { newRunId } from '../run/run-journal.ts';
import { watchSignals } from '../run/signals.ts';
import { warnEnabled } from '../run/warnings.ts';
import type { Session } from '../session.ts';
import { executeMarks, findMarked, findTakenTable, relabelState } from './rename-marks.ts';

export type RenameRequest = { readonly from: string; readonly to: string; readonly lockTimeoutMs: number };

/**
 * Renames a lab of this machine: its marks, its nftables tables, its blocks in files and its record. Nothing else changes, and
 * traffic goes on. A run that fails or is interrupted ends in the former name or in the new one.
 */
export const renameLab = (
  session: Session,
  { from, to, lockTimeoutMs: timeoutMs }: RenameRequest,
): Promise<RenameResult> =>
  withLockedMachine(session, { command: `rename ${from} ${to}`, timeoutMs }, async (opened) => {
    const { machine, store } = opened;
    await recoverAll(opened);
    const previous = requireRenamable(store, from, to);
    const begin = beginRecord({ ...previous, resources: findMarked(machine, previous) }, previous, to);
    const run = renameOf(begin);
    if (run === null) return { from, to, staleFile: previous.file };
    const taken = findTakenTable(machine, run.renamed);
    if (taken !== null) throw renameError('E_USAGE', `there is ${taken} already`, 'choose another name');
    changeMarks(opened, begin, run);
    warnEnabled(opened, from);
    return { from, to, staleFile: previous.file };
  });

function requireRenamable(store: Store, from: string, to: string): State {
  const labs = [...new Set([...listStates(store), ...listJournals(store)])];
  const state = isName(from) ? readState(store, from) : null;
  if (state === null)
    throw renameError('E_NO_LAB', `the lab ${from} is not on this machine`, 'netform list shows the labs');
  const bound = state.resources.find(({ kind }) => kinds.get(kind)?.boundToLabName !== undefined);
  if (bound !== undefined)
    throw renameError(
      'E_USAGE',
      `the lab ${from} has ${kinds.get(bound.kind)?.boundToLabName}: ${bound.id}`,
      'destroy it, and apply its file under the new name',
    );
  if (!isName(to) || to.length > LAB_NAME_LENGTH)
    throw renameError(
      'E_USAGE',
      `${to} cannot be the name of a lab`,
      'a name begins with a letter; letters, digits, . _ - follow',
    );
  if (from === to || labs.includes(to))
    throw renameError('E_USAGE', `there is a lab ${to} on this machine already`, 'choose another name');
  return state;
}

const renameError = (code: string, message: string, hint: string): NetformError =>
  netformError(code, EXIT.usage, message, { hint: `${hint}; nothing was changed` });

function beginRecord(old: State, previous: State, to: string): JournalBegin {
  const { lab, uid } = previous;
  return {
    ...{ type: 'begin', version: 2, run: newRunId(), command: `rename ${lab} ${to}`, lab, uid, bootId: bootId() },
    at: new Date().toISOString(),
    planHash: sha256(to),
    previous,
    subjects: old.resources.map(({ before: _before, spec, ...rest }) => ({ ...rest, intended: spec, before: spec })),
    renameTo: to,
    confirm: null,
  };
}

function changeMarks(session: Session, begin: JournalBegin, run: RenameRun): void {
  const { machine, store, progress } = session;
  const { previous, renamed } = run;
  const next = { ...relabelState(previous, renamed.lab), topology: renamedTopology(previous, renamed.lab) };
  const watch = watchSignals(progress);
  const journal = beginJournal(store, begin);
  try {
    const failure = executeMarks(machine, renamed, ['set', 'copy']) ?? missingMark(session, renamed);
    const exit = watch.exitCode();
    if (failure !== null || exit !== null) throw stoppedError(failure, exit);
    journal.append({ type: 'commit', next });
  } catch (error) {
    undoRename(session, run);
    removeJournal(store, previous.lab);
    throw error;
  } finally {
    journal.close();
    watch.release();
  }
  finishRename(session, run, next);
}

/** What does not carry the new mark although it was given it. */
function missingMark({ machine }: Session, renamed: State): string | null {
  const marked = new Set(findMarked(machine, renamed).map(({ id }) => id));
  const lost = renamed.resources.find(({ id }) => !marked.has(id));
  return lost === undefined ? null : `${lost.id} does not carry the new name`;
}

const stoppedError = (failure: string | null, exit: number | null): NetformError =>
  netformError(
    failure === null ? 'E_STOPPED' : 'E_FAILED',
    failure === null && exit !== null ? exit : EXIT.rolledBack,
    failure ?? 'the run was stopped by a signal',
    { details: ['all changes were rolled back'] },
  );

/** The recorded topology with the new name in it. */
function renamedTopology({ topology: text, lab }: State, to: string): string {
  const { source } = { source: loadTopology(text, { file: lab, vars: {}, varFile: null }) };
  const { line, column } = source.locate({ path: ['name'], on: 'value' });
  const lines = text.split('\n');
  const old = lines[line - 1] ?? '';
  const at = old.indexOf(lab, column - 1);
  if (at < 0) return text;
  lines[line - 1] = `${old.slice(0, at)}${to}${old.slice(at + lab.length)}`;
  return lines.join('\n');
}
