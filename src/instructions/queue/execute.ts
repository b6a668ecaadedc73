import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { deleteQueueMessage, setQueueMessage } from '../../kernel/netlink/queues/qdisc.ts';
import type { QueueInstruction } from './types.ts';

/** RTM_NEWQDISC and RTM_DELQDISC. */
export const queueEncoder: NetlinkEncoder<QueueInstruction> = {
  encode: (instruction, { session }) => {
    const index = session.linkIndex(instruction.dev);
    if (instruction.do === 'queue.delete') return [deleteQueueMessage(index, instruction.handle)];
    return [setQueueMessage(index, instruction)];
  },
};
