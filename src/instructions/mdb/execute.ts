import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { multicastEntryMessage } from '../../kernel/netlink/neighbours/mdb.ts';
import type { MdbInstruction } from './types.ts';

/** RTM_NEWMDB and RTM_DELMDB. */
export const mdbEncoder: NetlinkEncoder<MdbInstruction> = {
  encode: ({ do: verb, bridge, dev, group, vlan }, { session }) => [
    multicastEntryMessage(verb === 'mdb.add' ? 'add' : 'delete', {
      bridge: session.linkIndex(bridge),
      index: session.linkIndex(dev),
      group,
      vlan,
    }),
  ],
};
