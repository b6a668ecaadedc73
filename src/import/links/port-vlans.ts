import type { PortVlanLive } from '../../model/kernel/live-state.ts';
import { DEFAULT_VLAN, formatVlanRange, mergeVlans } from '../../net/vlan.ts';
import type { JsonMap } from '../result.ts';

/** What a new port of a bridge that keeps VLANs apart is in. */
export const NEW_PORT_VLANS: readonly PortVlanLive[] = [
  { vlans: [DEFAULT_VLAN, DEFAULT_VLAN], pvid: true, untagged: true },
];

/** The words of `port` for the VLANs that a port is in, empty for those of a new one. Null: the words cannot say it. */
export function portVlanWords(found: readonly PortVlanLive[]): JsonMap | null {
  if (found.some(({ pvid, untagged }) => pvid !== untagged)) return null;
  const own = found.find(({ pvid }) => pvid)?.vlans[0] ?? null;
  const tagged = mergeVlans(found.filter(({ pvid }) => !pvid).map(({ vlans }) => vlans));
  if (tagged.length === 0) return own === null ? null : own === DEFAULT_VLAN ? {} : { access: own };
  const trunk = tagged.map(([first, last]) => (first === last ? first : formatVlanRange([first, last])));
  return { trunk, ...(own === null ? {} : { native: own }) };
}
