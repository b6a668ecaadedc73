import type { VlanRange } from '../model/lab-parts/vlan-range.ts';

/** The highest number of a VLAN: 0 means none, and 4095 is reserved (IEEE 802.1Q). */
export const LAST_VLAN = 4094;

/** The VLAN of ports and bridges that say nothing (IFLA_BR_VLAN_DEFAULT_PVID). */
export const DEFAULT_VLAN = 1;

/** The ranges in order, with those that touch made one. */
export function mergeVlans(ranges: readonly VlanRange[]): readonly VlanRange[] {
  const merged: (readonly [number, number])[] = [];
  for (const [first, last] of [...ranges].sort(([one], [other]) => one - other)) {
    const before = merged.at(-1);
    if (before && first <= before[1] + 1) merged[merged.length - 1] = [before[0], Math.max(before[1], last)];
    else merged.push([first, last]);
  }
  return merged;
}

/** Whether a VLAN is in one of these ranges. */
export const hasVlan = (ranges: readonly VlanRange[], id: number): boolean =>
  ranges.some(([first, last]) => first <= id && id <= last);

/** `10`, or `20-29`. */
export const formatVlanRange = ([first, last]: VlanRange): string => (first === last ? `${first}` : `${first}-${last}`);
