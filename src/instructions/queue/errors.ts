import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { QueueInstruction } from './types.ts';

/** What errors of changing a queueing discipline mean. */
export const queueErrors = (instruction: QueueInstruction): ErrnoSentences => {
  const { dev } = instruction;
  if (instruction.do === 'queue.delete')
    return { EINVAL: `${dev} has no queue ${instruction.handle}`, ENOENT: `${dev} has no queue ${instruction.handle}` };
  return { ENOENT: `this kernel has no ${instruction.kind}`, EINVAL: `${dev} has another queue ${instruction.handle}` };
};
