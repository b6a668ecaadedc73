import type { ProcessDescription } from '../../../model/kernel/lab-process.ts';
import { isProcessReady } from '../../process/process-ready.ts';
import { readProcessRecord } from '../../process/process-record.ts';
import { lookAtProcess } from '../../process/program-state.ts';
import { findSessions, readEach } from '../need-reader.ts';

/** Looks whether processes that netform has started are ready, each in its own way, and have done with others what they have to. */
export const processReadyReader = readEach<'process-ready'>(({ netns, key }, context) => {
  const slash = key.indexOf('/');
  const process = { lab: key.slice(0, slash), netns, name: key.slice(slash + 1) };
  const record = readProcessRecord(process);
  const [session] = findSessions(context, netns);
  if (record === null || session === undefined) return false;
  const { isRunning, hasFinished, pid } = lookAtProcess(process, record);
  const { ready, settled } = record.spec as unknown as ProcessDescription;
  const signs = settled ? [ready, settled] : [ready];
  const isReady = () => signs.every((sign) => isProcessReady(sign, { session, pid }));
  return hasFinished === true || (isRunning && pid > 0 && isReady());
});
