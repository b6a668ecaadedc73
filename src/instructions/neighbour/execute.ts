import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import {
  deleteNeighbourMessage,
  dumpNeighbours,
  setNeighbourMessage,
} from '../../kernel/netlink/neighbours/neighbour.ts';
import type { NeighbourInstruction } from './types.ts';

/** RTM_NEWNEIGH and RTM_DELNEIGH. */
export const neighbourEncoder: NetlinkEncoder<NeighbourInstruction> = {
  encode: (instruction, { session }) => {
    const { dev, to } = instruction;
    const index = session.linkIndex(dev);
    if (instruction.do === 'neighbour.delete') return [deleteNeighbourMessage(index, to, instruction.proxy)];
    const set = setNeighbourMessage(index, instruction);
    // The kernel never takes the protocol away from an existing entry.
    const exists =
      instruction.protocol === 0 &&
      dumpNeighbours(session.socket, String).some((one) => one.dev === String(index) && one.to === to);
    return exists ? [deleteNeighbourMessage(index, to), set] : [set];
  },
};
