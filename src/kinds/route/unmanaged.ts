import { routeLabel, tableName } from '../../model/ids.ts';
import { isLearnedRoute, RT_TABLE_MAIN, RTPROT_KERNEL, RTPROT_REDIRECT } from '../../model/kernel/rtnetlink.ts';
import type { ManagedNetns, UnmanagedObject } from '../../model/kind.ts';
import { managedLinkNames, managedSpecs } from '../managed-netns.ts';
import { routeOptionsText, routeWay } from './describe.ts';
import { type RouteSpec, routeKey } from './spec.ts';

/** Routes over the lab's links, or over none, that are not in the file, not the kernel's own, and not learned by a routing daemon. */
export function findUnmanagedRoutes(place: ManagedNetns): readonly UnmanagedObject[] {
  const { netns, there } = place;
  const links = managedLinkNames(place);
  const known = new Set(managedSpecs<RouteSpec>(place, 'route').map(routeKey));
  return there.routes
    .filter(({ protocol }) => protocol !== RTPROT_REDIRECT && protocol !== RTPROT_KERNEL)
    .filter(({ protocol }) => !isLearnedRoute(protocol))
    .filter((route) => !known.has(routeKey(route)) && route.hops.every(({ dev }) => links.has(dev)))
    .map((route) => {
      const table = route.table === RT_TABLE_MAIN ? '' : `table ${tableName(route.table)}`;
      return {
        netns,
        noun: 'route',
        name: routeLabel(route),
        text: [routeWay(route), table, routeOptionsText(route)].filter(Boolean).join(', '),
        remove: { do: 'route.delete', netns, route },
      };
    });
}
