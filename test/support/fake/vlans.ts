import type { Instruction } from '../../../src/model/instruction.ts';
import type { PortVlanLive } from '../../../src/model/kernel/live-state.ts';
import { type FakeNetns, linkOf, netnsOf, refuse, type World } from './world.ts';

const NEW_PORT: readonly PortVlanLive[] = [{ vlans: [1, 1], pvid: true, untagged: true }];

/** The VLANs of the bridges that keep them apart, and of their ports. */
export const vlansOf = (netns: FakeNetns): ReadonlyMap<string, readonly PortVlanLive[]> =>
  new Map(
    [...netns.links.values()].flatMap(({ name, master }) => {
      const bridge = netns.links.get(master ?? name);
      return bridge?.options?.['vlanFiltering'] === true ? [[name, netns.vlans.get(name) ?? NEW_PORT] as const] : [];
    }),
  );

/** RTM_SETLINK and RTM_DELLINK of AF_BRIDGE. */
export function changeVlans(
  world: World,
  {
    do: verb,
    netns: name,
    dev,
    vlans,
    untagged,
  }: Instruction & { readonly do: 'bridge-vlan.add' | 'bridge-vlan.delete' },
): void {
  const netns = netnsOf(world, name);
  linkOf(netns, dev);
  const had = vlansOf(netns).get(dev);
  if (!had) throw refuse('EINVAL', `${dev} is in no VLAN`);
  const isThis = (one: PortVlanLive): boolean => one.vlans[0] === vlans[0] && one.vlans[1] === vlans[1];
  if (verb === 'bridge-vlan.delete' && !had.some(isThis)) throw refuse('ENOENT', `${dev} is not in ${vlans[0]}`);
  const rest = had.filter((one) => !isThis(one));
  netns.vlans.set(dev, verb === 'bridge-vlan.add' ? [...rest, { vlans, pvid: untagged, untagged }] : rest);
}
