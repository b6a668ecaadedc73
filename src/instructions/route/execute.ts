import { callError } from '../../kernel/errno.ts';
import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { dumpLinks, linkNamer } from '../../kernel/netlink/link-dump.ts';
import { addRouteMessage, deleteRouteMessage, dumpRoutes, replaceRouteMessage } from '../../kernel/netlink/route.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { RouteLive } from '../../model/kernel/live-state.ts';
import type { RouteInstruction, RouteValue } from './types.ts';

const MESSAGES = {
  'route.add': addRouteMessage,
  'route.replace': replaceRouteMessage,
  'route.delete': deleteRouteMessage,
} as const;

/** RTM_NEWROUTE and RTM_DELROUTE. */
export const routeEncoder: NetlinkEncoder<RouteInstruction> = {
  encode: ({ do: verb, route }, { session }) => [MESSAGES[verb](route, session.linkIndex)],
  exact: (session) => {
    let routes: readonly RouteLive[] | null = null;
    return (instruction) => {
      if (instruction.do !== 'route.delete') return instruction;
      routes ??= dumpRoutes(session.socket, linkNamer(dumpLinks(session.socket)));
      return { ...instruction, route: exactRoute(routes, instruction.route) };
    };
  },
};

/** The kernel's own form of a route to delete: hops in its order. Throws ESRCH when there is no such route of ours. */
function exactRoute(live: readonly RouteLive[], wanted: RouteValue): RouteValue {
  const key = routeKey(wanted);
  const found = live.find(
    (route) => route.protocol === (wanted.protocol ?? NETFORM_PROTOCOL) && routeKey(route) === key,
  );
  if (!found) throw callError('route.delete', 'ESRCH');
  return found;
}

const routeKey = ({ to, type, table, metric, hops }: RouteValue): string =>
  JSON.stringify([
    to,
    type,
    table,
    metric,
    hops.map(({ via, dev, weight, onlink }) => JSON.stringify([via, dev, weight, onlink])).sort(),
  ]);
