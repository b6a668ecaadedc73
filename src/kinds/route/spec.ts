import type { RouteValue } from '../../model/instruction.ts';
import { compareText } from '../../model/values/compare.ts';

/** Hops sorted; none unless unicast. */
export type RouteSpec = RouteValue;

/** The hops in an order of ours: the kernel keeps IPv4's, but lists IPv6's as they came in. */
export const sortedHops = (hops: RouteSpec['hops']): RouteSpec['hops'] =>
  [...hops].sort((a, b) => compareText(a.dev, b.dev) || compareText(a.via ?? '', b.via ?? ''));
