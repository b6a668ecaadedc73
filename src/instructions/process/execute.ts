import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import { awaitReady, reloadDaemon, startDaemon, stopDaemon } from '../../kernel/process/daemon.ts';
import type { ProcessInstruction } from './types.ts';

/** Ends processes, then starts and reloads others, then waits for all of them together. */
export const executeProcesses: BatchExecutor<ProcessInstruction> = (instructions, { sessions }, attempt) => {
  for (const one of instructions) {
    if (one.do !== 'process.stop') continue;
    const { lab, process, forGood } = one;
    attempt([one], () => stopDaemon({ lab, netns: process.netns, name: process.name }, { forGood }));
  }
  const begun: ProcessInstruction[] = [];
  for (const one of instructions) {
    if (one.do === 'process.stop') continue;
    const { lab, process } = one;
    attempt([one], () => {
      if (one.do === 'process.reload') reloadDaemon(lab, process);
      else startDaemon(lab, process, sessions.open(process.netns));
      begun.push(one);
    });
  }
  for (const one of begun) {
    attempt([one], () => {
      awaitReady(one.lab, one.process, sessions.open(one.process.netns));
      sessions.open(one.process.netns).forgetLinks();
    });
  }
};
