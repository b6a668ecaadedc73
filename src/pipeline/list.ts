import type { LabList, RolledBackRun } from '../model/results/lab-view.ts';
import { listRollbackNotes, readRollbackNote } from '../store/rollback-note.ts';
import { readOtherLabs } from '../store/shared-resources.ts';
import type { Store } from '../store/store.ts';
import { withMachine } from './host-session.ts';
import { compareWithState } from './lab/drift.ts';
import { warnOrphans } from './lab/orphans.ts';
import { warnUnreadableLabs } from './run/warnings.ts';
import type { Session } from './session.ts';

/** All labs of this machine, each resource compared with its record, and what was rolled back. */
export const showLabs = (session: Session): Promise<LabList> =>
  withMachine(session, (opened) => {
    warnUnreadableLabs(opened, null);
    warnOrphans(opened);
    const labs = readOtherLabs(opened.store, null).states.map((state) => compareWithState(opened, state));
    return { labs, rolledBack: listRolledBack(opened.store) };
  });

const listRolledBack = (store: Store): readonly RolledBackRun[] =>
  listRollbackNotes(store).flatMap((lab) => {
    const message = readRollbackNote(store, lab);
    return message === null ? [] : [{ lab, message }];
  });
