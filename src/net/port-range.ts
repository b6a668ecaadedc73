import type { PortRange } from '../model/topology.ts';

/** A range of ports as people write it: `80`, `8000-8010`. */
export const portRangeText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);
