import type { LabView } from '../model/results/lab-view.ts';
import { readOtherLabs } from '../store/shared-resources.ts';
import { withMachine } from './host-session.ts';
import { compareWithState } from './lab/drift.ts';
import { warnOrphans } from './lab/orphans.ts';
import { warnUnreadableLabs } from './run/warnings.ts';
import type { Session } from './session.ts';

/** All labs of this machine, each resource compared with its record. */
export const showLabs = (session: Session): Promise<readonly LabView[]> =>
  withMachine(session, (opened) => {
    warnUnreadableLabs(opened, null);
    warnOrphans(opened);
    return readOtherLabs(opened.store, null).states.map((state) => compareWithState(opened, state));
  });
