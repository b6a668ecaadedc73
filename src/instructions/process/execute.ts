import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import type { KernelContext } from '../../kernel/kernel-context.ts';
import { deleteLinkMessage } from '../../kernel/netlink/links/delete-link.ts';
import { exchangeMessages } from '../../kernel/netlink/socket.ts';
import { readLinkIndex } from '../../kernel/netns/link-index.ts';
import { awaitReady } from '../../kernel/process/daemon/await-ready.ts';
import { checkDaemon, reloadDaemon } from '../../kernel/process/daemon/reload.ts';
import { startDaemon } from '../../kernel/process/daemon/start.ts';
import { stopDaemon } from '../../kernel/process/daemon/stop.ts';
import { awaitHandOver } from '../../kernel/process/process-ready.ts';
import type { ProcessDescription } from '../../model/kernel/lab-process.ts';
import type { ProcessInstruction } from './types.ts';

/** What a program made and left: it has ended, and does not hold them any more. */
function removeLinks({ netns, links }: ProcessDescription, sessions: KernelContext['sessions']): void {
  const session = links.length === 0 ? null : sessions.find(netns);
  if (session === null || session === 'dead') return;
  const left = links.filter((name) => readLinkIndex(session.socket, name) !== null);
  exchangeMessages(session.socket, left.map(deleteLinkMessage));
  session.forgetLinks();
}

/** Checks configurations, ends processes, then starts and reloads others, then waits for all of them together. */
export const executeProcesses: BatchExecutor<ProcessInstruction> = (instructions, { sessions }, attempt) => {
  for (const one of instructions) {
    if (one.do === 'process.check') attempt([one], () => checkDaemon(one.process, sessions.open(one.process.netns)));
  }
  for (const one of instructions) {
    if (one.do !== 'process.stop') continue;
    const { lab, process, forGood } = one;
    attempt([one], () => {
      stopDaemon({ lab, netns: process.netns, name: process.name }, { forGood });
      if (forGood) removeLinks(process, sessions);
    });
  }
  const begun: ProcessInstruction[] = [];
  for (const one of instructions) {
    if (one.do === 'process.stop' || one.do === 'process.check') continue;
    const { lab, process } = one;
    attempt([one], () => {
      if (one.do === 'process.reload') reloadDaemon(lab, process);
      else startDaemon(lab, process, { session: sessions.open(process.netns), bytesOf: bytesGiven(one) });
      begun.push(one);
    });
  }
  for (const one of begun) {
    attempt([one], () => {
      awaitReady(one.lab, one.process, sessions.open(one.process.netns));
      if (one.do === 'process.reload') awaitHandOver(one.process.ready);
      sessions.open(one.process.netns).forgetLinks();
    });
  }
};

const bytesGiven = (one: ProcessInstruction): ((sha: string) => string | null) =>
  'bytesOf' in one && one.bytesOf ? one.bytesOf : () => null;
