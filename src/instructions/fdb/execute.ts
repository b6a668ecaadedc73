import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { bridgeFdbMessage } from '../../kernel/netlink/neighbours/bridge-fdb.ts';
import { appendFdbMessage, deleteFdbMessage } from '../../kernel/netlink/neighbours/fdb.ts';
import type { FdbInstruction } from './types.ts';

/** RTM_NEWNEIGH and RTM_DELNEIGH of the family AF_BRIDGE. */
export const fdbEncoder: NetlinkEncoder<FdbInstruction> = {
  encode: (instruction, { session }) => {
    const index = session.linkIndex(instruction.dev);
    if (!('to' in instruction)) {
      const { do: verb, mac, vlan, self } = instruction;
      return [bridgeFdbMessage(verb === 'fdb.replace' ? 'replace' : 'delete', { index, mac, vlan, self })];
    }
    const { do: verb, mac, to, via } = instruction;
    const entry = { index, mac, to, via: via === null ? null : session.linkIndex(via) };
    return [verb === 'fdb.append' ? appendFdbMessage(entry) : deleteFdbMessage(entry)];
  },
};
