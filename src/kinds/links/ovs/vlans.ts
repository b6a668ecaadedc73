import type { OvsVlans } from '../../../model/kernel/ovs-live.ts';
import type { LabPortVlans } from '../../../model/lab-parts/lab-port.ts';

/** Whether a bridge is of Open vSwitch, by its options. */
export const isOfOpenVswitch = (own: { readonly kind: string } | null): boolean => own?.kind === 'ovs';

/** Every VLAN, tags as they come. */
export const ALL_VLANS: OvsVlans = { tag: null, trunks: [], mode: '' };

/** The VLANs of a port as rows have them; left out: the bridge keeps none apart. */
export function ovsVlans(vlans: LabPortVlans | undefined): OvsVlans {
  if (vlans === undefined) return ALL_VLANS;
  const { untagged: tag, tagged } = vlans;
  const trunks = tagged.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  if (tag === null) return { tag, trunks, mode: 'trunk' };
  return { tag, trunks, mode: trunks.length === 0 ? 'access' : 'native-untagged' };
}
