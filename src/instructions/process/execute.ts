import type { BatchExecutor } from '../../kernel/execute/instruction-executor.ts';
import { removeEmptyFolders } from '../../kernel/files/created-folders.ts';
import type { AttemptFunction, KernelContext } from '../../kernel/kernel-context.ts';
import { deleteLinkMessage } from '../../kernel/netlink/links/delete-link.ts';
import { exchangeMessages } from '../../kernel/netlink/socket.ts';
import { readLinkIndex } from '../../kernel/netns/link-index.ts';
import type { AttemptStep } from '../../kernel/process/daemon/attempt-step.ts';
import { awaitReady, type ReadyRequest } from '../../kernel/process/daemon/await-ready.ts';
import { checkDaemon, reloadDaemon } from '../../kernel/process/daemon/reload.ts';
import { startDaemons } from '../../kernel/process/daemon/start.ts';
import { stopDaemons } from '../../kernel/process/daemon/stop.ts';
import { awaitHandOver } from '../../kernel/process/process-ready.ts';
import { processKeyOf } from '../../kernel/process/process-record.ts';
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

/**
 * Checks configurations, ends processes, then starts and reloads others, then waits for all of them; each of these for all
 * processes side by side.
 */
export const executeProcesses: BatchExecutor<ProcessInstruction> = (instructions, { sessions }, attempt) => {
  const stepsOf = attemptSteps(attempt);
  for (const one of instructions) {
    if (one.do === 'process.check') attempt([one], () => checkDaemon(one.process, sessions.open(one.process.netns)));
  }
  stopAll(instructions.filter(isStop), { sessions, attempt, stepsOf });
  const begun = instructions.filter(isBegin).map((one) => ({ ...one, instruction: one, attempt: stepsOf(one) }));
  const opened = begun.flatMap((one): readonly Begun[] => {
    const found: Begun[] = [];
    one.attempt(() => void found.push({ ...one, session: sessions.open(one.process.netns) }));
    return found;
  });
  for (const { instruction, lab, process, attempt } of opened)
    if (instruction.do === 'process.reload') attempt(() => reloadDaemon(lab, process));
  startDaemons(
    opened
      .filter(({ instruction }) => instruction.do === 'process.start')
      .map((one) => ({ ...one, bytesOf: bytesGiven(one.instruction) })),
  );
  awaitReady(opened);
  for (const { instruction, process, session, attempt } of opened)
    attempt(() => {
      if (instruction.do === 'process.reload') awaitHandOver(process.ready);
      session.forgetLinks();
    });
};

type StopInstruction = Extract<ProcessInstruction, { do: 'process.stop' }>;
type BeginInstruction = Extract<ProcessInstruction, { do: 'process.start' | 'process.reload' }>;
type Begun = ReadyRequest & { readonly instruction: BeginInstruction };

const isStop = (one: ProcessInstruction): one is StopInstruction => one.do === 'process.stop';
const isBegin = (one: ProcessInstruction): one is BeginInstruction =>
  one.do === 'process.start' || one.do === 'process.reload';

/** Gives how the steps of each instruction are run: after the first that the machine refuses the others are left out. */
function attemptSteps(attempt: AttemptFunction): (one: ProcessInstruction) => AttemptStep {
  const refused = new Set<ProcessInstruction>();
  return (one) => (step) => {
    if (refused.has(one)) return false;
    refused.add(one);
    attempt([one], () => {
      step();
      refused.delete(one);
    });
    return !refused.has(one);
  };
}

type StopContext = Pick<KernelContext, 'sessions'> & {
  readonly attempt: AttemptFunction;
  readonly stepsOf: (one: ProcessInstruction) => AttemptStep;
};

function stopAll(stops: readonly StopInstruction[], { sessions, attempt, stepsOf }: StopContext): void {
  stopDaemons(
    stops.map((one) => ({
      key: processKeyOf(one.lab, one.process),
      forGood: one.forGood,
      attempt: stepsOf(one),
    })),
  );
  const gone = stops.filter(({ forGood }) => forGood);
  for (const one of gone) stepsOf(one)(() => removeLinks(one.process, sessions));
  // Files of programs were perhaps in a folder beside theirs, which was not empty when these went.
  if (gone.length > 0) attempt(gone, removeEmptyFolders);
}

const bytesGiven = (one: BeginInstruction): ((sha: string) => string | null) =>
  'bytesOf' in one && one.bytesOf ? one.bytesOf : () => null;
