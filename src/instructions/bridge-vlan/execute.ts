import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { bridgeVlanMessage } from '../../kernel/netlink/links/bridge-vlan.ts';
import type { BridgeVlanInstruction } from './types.ts';

/** RTM_SETLINK and RTM_DELLINK of the family AF_BRIDGE. */
export const bridgeVlanEncoder: NetlinkEncoder<BridgeVlanInstruction> = {
  encode: ({ do: verb, dev, self, vlans, untagged }, { session }) => [
    bridgeVlanMessage(verb === 'bridge-vlan.add' ? 'add' : 'delete', {
      index: session.linkIndex(dev),
      self,
      vlans,
      untagged,
    }),
  ],
};
