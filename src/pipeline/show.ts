import { EXIT, netformError } from '../model/error.ts';
import type { LabView } from '../model/results/lab-view.ts';
import { readRollbackNote } from '../store/rollback-note.ts';
import { readState } from '../store/state.ts';
import { withMachine } from './host-session.ts';
import { compareWithState } from './lab/drift.ts';
import { resolveLabName } from './resolve/lab.ts';
import { warnConcurrentRun } from './run/warnings.ts';
import type { Session } from './session.ts';

/** A lab of this machine, each resource compared with its record. Throws E_NO_LAB. */
export const showLab = (session: Session, target: string | null): Promise<LabView> =>
  withMachine(session, (opened) => {
    const since = Date.now();
    const lab = resolveLabName(opened.store, target);
    const state = readState(opened.store, lab);
    if (state !== null) {
      const view = compareWithState(opened, state);
      warnConcurrentRun(opened, since, 'this');
      return view;
    }
    const note = readRollbackNote(opened.store, lab);
    throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`, {
      details: note === null ? [] : [note],
      hint: 'netform list shows the labs; netform apply FILE builds one',
    });
  });
