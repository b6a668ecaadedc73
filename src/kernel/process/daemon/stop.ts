import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ProcessDescription, processFolder } from '../../../model/kernel/lab-process.ts';
import { bootId } from '../../boot.ts';
import { catchErrno } from '../../errno.ts';
import { removeEmptyFolders } from '../../files/created-folders.ts';
import { openProcess } from '../pidfd.ts';
import { removeCgroup } from '../process-cgroup.ts';
import {
  hasOtherUnits,
  type ProcessKey,
  type ProcessRecord,
  readProcessRecord,
  removeEmptyRunFolders,
  removeProcessRecord,
} from '../process-record.ts';
import { sessionPids } from '../process-status.ts';
import { PROGRAM_FILES } from '../program-script.ts';
import { readProgramState } from '../program-state.ts';
import { isTermed } from '../spawn-program.ts';
import { removeSlices, stopUnit } from '../units/unit.ts';

const TERM_TIMEOUT_MS = 3000;
const KILL_TIMEOUT_MS = 3000;
/** How long what a program has written is waited for after its end: what it has started may go on. */
const LAST_WORDS_MS = 200;

/**
 * Ends a process and all that it has started: asked first (SIGTERM), then killed with its control group, or, without one,
 * its session. `forGood`: its output goes too, and the folder for what it writes.
 */
export function stopDaemon(key: ProcessKey, { forGood }: { readonly forGood: boolean }): void {
  const record = readProcessRecord(key);
  if (record !== null && record.bootId === bootId()) endProcesses(key, record);
  for (const name of Object.values(PROGRAM_FILES))
    rmSync(join(processFolder(key.lab, key.netns, key.name), name), { recursive: true, force: true });
  if (!forGood) return;
  if (record?.unit && !hasOtherUnits(key, 'lab')) removeSlices(key.lab, { isLastLab: !hasOtherUnits(key, 'machine') });
  const { folder } = (record?.spec ?? {}) as unknown as Partial<ProcessDescription>;
  if (typeof folder === 'string') {
    rmSync(folder, { recursive: true, force: true });
    removeEmptyRunFolders(dirname(folder));
  }
  removeProcessRecord(key);
  // Files of programs were perhaps in a folder beside it, which was not empty when these went.
  removeEmptyFolders();
}

function endProcesses(key: ProcessKey, record: ProcessRecord): void {
  if (record.unit) {
    stopUnit(key, record.unit);
    return;
  }
  const main = isTermed(record.spec) ? readProgramState(key, record).main : null;
  // The script of a program has its end from it; asked itself it would leave the program behind.
  const asked = main === null ? null : openProcess(main);
  const handle = record.pid > 0 ? openProcess(record) : null;
  (asked ?? handle)?.signal('SIGTERM');
  const isGone = asked?.waitForEnd(TERM_TIMEOUT_MS) ?? true;
  const isOver = handle?.waitForEnd(asked === null ? TERM_TIMEOUT_MS : LAST_WORDS_MS) ?? true;
  if (handle !== null && (!isGone || !isOver || record.cgroup === null)) killSession(record);
  for (const one of [asked, handle]) {
    if (!isGone || !isOver) one?.signal('SIGKILL');
    if (!isGone || !isOver) one?.waitForEnd(KILL_TIMEOUT_MS);
    one?.close();
  }
  if (record.cgroup !== null) removeCgroup(record.cgroup, KILL_TIMEOUT_MS);
}

/** Without a control group it is the session that holds together what a process has started. */
const killSession = ({ pid }: ProcessRecord): void => {
  for (const one of sessionPids(pid)) catchErrno(['ESRCH'], () => process.kill(one, 'SIGKILL'));
};
