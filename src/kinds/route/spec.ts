import type { RouteValue } from '../../model/instruction.ts';
import { sameJson } from '../../model/json.ts';
import { compareText } from '../../model/values/compare.ts';

/** Hops sorted; none unless unicast or local. `originalHops`: those of another's route where they have another order. */
export type RouteSpec = RouteValue & { readonly originalHops?: RouteValue['hops'] };

/** The route of a request to the kernel: the hops in the order that another's route had. */
export function routeValueOf({ originalHops, ...route }: RouteSpec): RouteValue {
  return originalHops ? { ...route, hops: originalHops } : route;
}

/** For spreading: the hops of another's route, where sorting changes their order. */
export function originalHopsOf({ hops }: RouteValue): Pick<RouteSpec, 'originalHops'> {
  return sameJson(hops, sortedHops(hops)) ? {} : { originalHops: hops };
}

/** The hops in an order of ours: the kernel keeps IPv4's, but lists IPv6's as they came in. */
export const sortedHops = (hops: RouteSpec['hops']): RouteSpec['hops'] =>
  [...hops].sort((a, b) => compareText(a.dev, b.dev) || compareText(a.via ?? '', b.via ?? ''));

/** Whether a route of that type sends packets somewhere. */
export const hasHops = ({ type }: Pick<RouteSpec, 'type'>): boolean => type === 'unicast' || type === 'local';

/** What one namespace can have one of: as the kernel tells routes apart. */
export function routeKey({ to, table, metric, tos, unknown = [] }: RouteKeyFields): string {
  const from = unknown.find(({ name }) => name === 'from')?.value;
  return [to, table, metric, tos ?? 0, from ?? ''].join(' ');
}

type RouteKeyFields = Pick<RouteSpec, 'to' | 'table' | 'metric' | 'tos' | 'unknown'>;
