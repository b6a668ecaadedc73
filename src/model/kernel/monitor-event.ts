import { addressId, netnsId, routeId } from '../ids.ts';
import type { Spec } from '../json.ts';

/** A link, an address or a route that the kernel speaks of. */
export type MonitorObject = {
  readonly what: 'link' | 'address' | 'route';
  /** `eth0`, `10.0.0.1/24`, `default@50`. */
  readonly name: string;
  /** The link that it is, or is on; null of a route. */
  readonly dev: string | null;
  /** What can change of it. */
  readonly facts: Spec;
  /** Null of what is not a route. */
  readonly route: MonitoredRoute | null;
  /** The alias of a link. */
  readonly mark: string | null;
};

/** What tells one route of a namespace from another. */
type MonitoredRoute = {
  readonly to: string;
  readonly table: number;
  readonly metric: number;
  readonly tos?: number;
};

/** `lost`: the kernel told more than there was room for; what it was follows from looking again. */
export type MonitorEvent = { readonly netns: string } & (
  | { readonly event: 'added' | 'removed'; readonly thing: MonitorObject }
  | { readonly event: 'changed'; readonly thing: MonitorObject; readonly before: Spec }
  | { readonly event: 'watched' | 'gone' | 'lost' }
);

/** The id that a resource has which is this thing; null: a link's depends on its kind. */
export function monitorObjectId(netns: string, { what, dev, route }: MonitorObject): string | null {
  if (route !== null) return routeId(netns, route);
  return what === 'address' && dev !== null ? addressId(netns, dev) : null;
}

export const monitorNetnsId = (netns: string): string => netnsId(netns);
