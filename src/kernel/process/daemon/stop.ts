import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ProcessDescription, processFolder } from '../../../model/kernel/lab-process.ts';
import { groupBy } from '../../../model/values/group-by.ts';
import { bootId } from '../../boot.ts';
import { catchErrno } from '../../errno.ts';
import { sleep } from '../../sleep.ts';
import { openProcess, type ProcessHandle } from '../pidfd.ts';
import { endCgroup } from '../process-cgroup.ts';
import {
  hasOtherUnits,
  type ProcessKey,
  type ProcessRecord,
  readProcessRecord,
  removeEmptyRunFolders,
  removeProcessRecord,
} from '../process-record.ts';
import { pidsOfSessions } from '../process-status.ts';
import { PROGRAM_FILES } from '../program-script.ts';
import { readProgramState } from '../program-state.ts';
import { isTermed } from '../spawn-program.ts';
import { removeSlices, stopUnits } from '../units/unit.ts';
import type { AttemptStep } from './attempt-step.ts';

const TERM_TIMEOUT_MS = 3000;
const KILL_TIMEOUT_MS = 3000;
/** How long what a program has written is waited for after its end: what it has started may go on. */
const LAST_WORDS_MS = 200;
const CGROUP_POLL_MS = 5;

/** A process to end. `forGood`: its output goes too, and the folder for what it writes. */
export type StopRequest = { readonly key: ProcessKey; readonly forGood: boolean; readonly attempt: AttemptStep };

/** A process to end, with what is remembered of it. */
type KnownStop = StopRequest & { readonly record: ProcessRecord | null };

/**
 * Ends processes and all that they have started, side by side: all are asked first (SIGTERM) and waited for together, then what is
 * left is killed with its control group, or, without one, its session. The record of each goes last.
 */
export function stopDaemons(requests: readonly StopRequest[]): void {
  const stops: KnownStop[] = [];
  for (const one of requests) one.attempt(() => void stops.push({ ...one, record: readProcessRecord(one.key) }));
  const boot = bootId();
  const there = stops.filter(({ record }) => record?.bootId === boot);
  stopUnits(there.flatMap(({ key, record }) => (record?.unit ? [{ key, unit: record.unit }] : [])));
  endChildren(there.filter(({ record }) => !record?.unit));
  const ended = stops.filter(({ key, attempt }) => attempt(() => removeProgramFiles(key)));
  const gone = ended.filter(({ forGood }) => forGood);
  removeSlicesOf(gone);
  for (const { key, record, attempt } of gone) attempt(() => forget(key, record));
}

function removeProgramFiles({ lab, netns, name }: ProcessKey): void {
  for (const file of Object.values(PROGRAM_FILES))
    rmSync(join(processFolder(lab, netns, name), file), { recursive: true, force: true });
}

function removeSlicesOf(gone: readonly KnownStop[]): void {
  const keys = gone.filter(({ record }) => record?.unit).map(({ key }) => key);
  for (const [lab, some] of groupBy(keys, (key) => key.lab))
    if (!hasOtherUnits(lab, some, 'lab')) removeSlices(lab, { isLastLab: !hasOtherUnits(lab, some, 'machine') });
}

function forget(key: ProcessKey, record: ProcessRecord | null): void {
  const { folder } = (record?.spec ?? {}) as unknown as Partial<ProcessDescription>;
  if (typeof folder === 'string') {
    rmSync(folder, { recursive: true, force: true });
    removeEmptyRunFolders(dirname(folder));
  }
  removeProcessRecord(key);
}

/** A child of ours that is being ended. */
type EndingChild = {
  readonly attempt: AttemptStep;
  readonly record: ProcessRecord;
  /** The program of the user's; its script has its end from it: asked itself it would leave the program behind. */
  readonly asked: ProcessHandle | null;
  /** The process that was started; null: it has ended. */
  readonly own: ProcessHandle | null;
  isOver: boolean;
};

function endChildren(stops: readonly KnownStop[]): void {
  const all: EndingChild[] = [];
  try {
    for (const stop of stops) stop.attempt(() => void all.push(...openChild(stop)));
    for (const { attempt, asked, own } of all) attempt(() => (asked ?? own)?.signal('SIGTERM'));
    awaitEnds(all);
    killWhatIsLeft(all);
  } finally {
    for (const { asked, own } of all) for (const one of [asked, own]) one?.close();
  }
  removeCgroupsOf(all);
}

function openChild({ key, record, attempt }: KnownStop): readonly EndingChild[] {
  if (record === null) return [];
  const main = isTermed(record.spec) ? readProgramState(key, record).main : null;
  const asked = main === null ? null : openProcess(main);
  const own = record.pid > 0 ? openProcess(record) : null;
  return [{ attempt, record, asked, own, isOver: false }];
}

/** All have the same time. Scripts end after their programs; when one does not, there is no more time for the others. */
function awaitEnds(all: readonly EndingChild[]): void {
  const left = timeLeft(TERM_TIMEOUT_MS);
  for (const one of all) one.isOver = (one.asked ?? one.own)?.waitForEnd(left()) ?? true;
  let patience = LAST_WORDS_MS;
  for (const one of all) {
    if (one.asked === null || one.own === null) continue;
    const hasLastWord = one.own.waitForEnd(patience);
    if (!hasLastWord) patience = 0;
    one.isOver &&= hasLastWord;
  }
}

/** Without a control group it is the session that holds together what a process has started. */
function killWhatIsLeft(all: readonly EndingChild[]): void {
  const held = all.filter(({ own, isOver, record }) => own !== null && (!isOver || record.cgroup === null));
  for (const pid of pidsOfSessions(new Set(held.map(({ record }) => record.pid))))
    catchErrno(['ESRCH'], () => process.kill(pid, 'SIGKILL'));
  const stubborn = all.filter(({ isOver }) => !isOver).flatMap(({ asked, own }) => [asked, own]);
  for (const one of stubborn) one?.signal('SIGKILL');
  const left = timeLeft(KILL_TIMEOUT_MS);
  for (const one of stubborn) one?.waitForEnd(left());
}

function removeCgroupsOf(all: readonly EndingChild[]): void {
  const left = timeLeft(KILL_TIMEOUT_MS);
  const isKept = ({ attempt, record: { cgroup } }: EndingChild): boolean => {
    let isGone = true;
    attempt(() => {
      isGone = cgroup === null || endCgroup(cgroup);
    });
    return !isGone;
  };
  for (let kept = all.filter(isKept); kept.length > 0 && left() > 0; kept = kept.filter(isKept)) sleep(CGROUP_POLL_MS);
}

/** How many milliseconds are left of so many; 0: none. */
function timeLeft(ms: number): () => number {
  const end = Date.now() + ms;
  return () => Math.max(0, end - Date.now());
}
