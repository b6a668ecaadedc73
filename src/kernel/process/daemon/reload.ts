import type { Spec } from '../../../model/json.ts';
import type { ProcessDescription } from '../../../model/kernel/lab-process.ts';
import { sysError } from '../../errno.ts';
import { inNetns } from '../../netns/netns.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { checkConfiguration } from '../gate.ts';
import { openProcess } from '../pidfd.ts';
import { lastLines } from '../process-ready.ts';
import { processKeyOf, readProcessRecord, writeProcessRecord } from '../process-record.ts';
import { findMain } from '../program-state.ts';
import { makeMountPoints } from './mount-points.ts';

/** Has a process's configuration checked in its namespace. Throws with what the program says of it. */
export function checkDaemon(description: ProcessDescription, session: NetnsSession): void {
  makeMountPoints(description.privateFolders);
  const complaint = inNetns(session.fd, () => checkConfiguration(description));
  if (complaint !== null)
    throw sysError('EINVAL', `${description.name} refuses its configuration: ${lastLines(complaint).join('; ')}`);
}

/** Has a process read its files again. Throws ESRCH when it is gone. */
export function reloadDaemon(lab: string, description: ProcessDescription): void {
  const key = processKeyOf(lab, description);
  const record = readProcessRecord(key);
  const main = record === null ? null : findMain(key, record);
  const handle = main === null ? null : openProcess(main);
  if (record === null || handle === null) throw sysError('ESRCH', `${description.name} does not run any more`);
  try {
    writeProcessRecord(key, { ...record, spec: description as unknown as Spec });
    handle.signal(`SIG${description.reload ?? 'HUP'}`);
  } finally {
    handle.close();
  }
}
