import type { VlanRange } from '../../model/lab-parts/vlan-range.ts';

/**
 * The VLANs of a port, or of a bridge itself (`self`). `untagged`: frames of that one have no tag, in both directions.
 */
export type BridgeVlanInstruction = {
  readonly do: 'bridge-vlan.add' | 'bridge-vlan.delete';
  readonly netns: string;
  readonly dev: string;
  readonly self: boolean;
  readonly vlans: VlanRange;
  readonly untagged: boolean;
};
