import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { ModelLink } from '../model.ts';

/** The table that the routes of a link's own subnets are in when it is a port of a VRF; null: the main one. */
export const vrfTable = ({ l3master }: ModelLink): number | null => (l3master ? tableOfVrf(l3master) : null);

/** The table that a VRF is, by what is written. */
export function tableOfVrf({ own }: ModelLink): number {
  const table = own?.values['table']?.value;
  return typeof table === 'number' ? table : RT_TABLE_MAIN;
}
