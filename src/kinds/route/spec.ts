import type { RouteValue } from '../../model/instruction.ts';

/** Hops sorted; none unless unicast. */
export type RouteSpec = RouteValue;

/** The hops in an order of ours: the kernel keeps IPv4's, but lists IPv6's as they came in. */
export const sortedHops = (hops: RouteSpec['hops']): RouteSpec['hops'] =>
  [...hops].sort((a, b) => compare(a.dev, b.dev) || compare(a.via ?? '', b.via ?? ''));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
