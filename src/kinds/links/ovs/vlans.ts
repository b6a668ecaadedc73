import type { OvsVlans } from '../../../model/kernel/ovs-live.ts';

/** Every VLAN, tags as they come. */
export const ALL_VLANS: OvsVlans = { tag: null, trunks: [], mode: '' };
