import type { LiveState } from '../kernel/need.ts';

/**
 * The names of the links of the machine that have a MAC: those of hardware, and where there are none, all. A bridge, a VLAN
 * and a bond can have the MAC of a NIC, and are not meant.
 */
export function nicsWithMac(live: LiveState, mac: string): readonly string[] {
  const links = [...(live.get({ need: 'namespace', netns: 'host' })?.links.values() ?? [])];
  const all = links.filter((link) => link.mac === mac);
  const hardware = all.filter(({ kind }) => kind === null);
  return (hardware.length > 0 ? hardware : all).map(({ name }) => name);
}
