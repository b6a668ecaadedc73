import type { ProcessDescription } from '../../../model/kernel/lab-process.ts';
import type { ProcessLive } from '../../../model/kernel/process-live.ts';
import { netnsCookie } from '../../libc.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { liveProcessState } from '../../process/process-ready.ts';
import { type ProcessKey, type ProcessRecord, readProcessRecord } from '../../process/process-record.ts';
import { readProcessStatus, runSeconds } from '../../process/process-status.ts';
import { lookAtProcess, processPids } from '../../process/program-state.ts';
import { isUnitLoaded } from '../../process/units/unit.ts';
import { unitName } from '../../process/units/unit-name.ts';
import { unitsProblem } from '../../process/units/units-problem.ts';
import { findSessions, readEach } from '../need-reader.ts';

/** Finds the processes that netform has started, by what it wrote down of them. */
export const processReader = readEach<'process'>(({ netns, key }, context) => {
  const slash = key.indexOf('/');
  const process = { lab: key.slice(0, slash), netns, name: key.slice(slash + 1) };
  const record = readProcessRecord(process);
  if (record === null) return findTakenUnit(process);
  const [session] = findSessions(context, netns);
  const isHere = session !== undefined && netnsCookie(session.socket) === record.cookie;
  return toProcessLive(process, record, isHere ? session : null);
});

/** A unit of systemd that would be in the way of a process. */
function findTakenUnit({ lab, netns, name }: ProcessKey): ProcessLive | null {
  const unit = unitName(lab, netns, name);
  if (!isUnitLoaded({ name: unit }) || unitsProblem() !== null) return null;
  return { place: 'taken', spec: { name: unit }, pid: 0, pids: [], seconds: 0 };
}

/** `session`: its namespace; null: the name is that of another one now. */
function toProcessLive(key: ProcessKey, record: ProcessRecord, session: NetnsSession | null): ProcessLive {
  const { isRunning, hasFinished, ...look } = lookAtProcess(key, record);
  const pids = processPids(record);
  const status = isRunning ? readProcessStatus(look.pid) : null;
  const seconds = status === null ? 0 : runSeconds(status);
  const ended = pids.length > 0 ? 'remains' : 'ended';
  const { ready } = record.spec as unknown as Partial<ProcessDescription>;
  const begun = session === null ? 'elsewhere' : liveProcessState(ready, session);
  const place = hasFinished ? 'finished' : isRunning ? begun : ended;
  return { place, spec: record.spec, pids, seconds, ...look };
}
