import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { appendFdbMessage, deleteFdbMessage } from '../../kernel/netlink/neighbours/fdb.ts';
import type { FdbInstruction } from './types.ts';

/** RTM_NEWNEIGH and RTM_DELNEIGH of the family AF_BRIDGE. */
export const fdbEncoder: NetlinkEncoder<FdbInstruction> = {
  encode: ({ do: verb, dev, mac, to, via }, { session }) => {
    const entry = { index: session.linkIndex(dev), mac, to, via: via === null ? null : session.linkIndex(via) };
    return [verb === 'fdb.append' ? appendFdbMessage(entry) : deleteFdbMessage(entry)];
  },
};
