import { callError, sysError } from '../../kernel/errno.ts';
import type { NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { dumpLinks, linkNamer } from '../../kernel/netlink/link-dump.ts';
import {
  addRouteMessage,
  appendRouteMessage,
  deleteRouteMessage,
  dumpRoutes,
  replaceRouteMessage,
} from '../../kernel/netlink/route.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { RouteLive } from '../../model/kernel/live-state.ts';
import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import type { RouteInstruction, RouteValue } from './types.ts';

const MESSAGES = {
  'route.add': addRouteMessage,
  'route.replace': replaceRouteMessage,
  'route.delete': deleteRouteMessage,
} as const;

/** RTM_NEWROUTE and RTM_DELROUTE. */
export const routeEncoder: NetlinkEncoder<RouteInstruction> = {
  encode: ({ do: verb, route, present }, { session }) =>
    present === undefined
      ? [MESSAGES[verb](route, session.linkIndex)]
      : [deleteRouteMessage(present, session.linkIndex), appendRouteMessage(route, session.linkIndex)],
  exact: (session) => {
    let routes: readonly RouteLive[] | null = null;
    return (instruction) => {
      if (instruction.do === 'route.add') return instruction;
      routes ??= dumpRoutes(session.socket, linkNamer(dumpLinks(session.socket)));
      if (instruction.do === 'route.replace') return exactReplacement(routes, instruction);
      return { ...instruction, route: exactRoute(routes, instruction.route) };
    };
  },
};

/**
 * The kernel's own form of a route to delete: hops in its order. Throws ESRCH when there is no such route of ours, and
 * EBUSY when the kernel would delete another one, which differs only in what a deletion does not say.
 */
function exactRoute(live: readonly RouteLive[], wanted: RouteValue): RouteValue {
  const ours = live.filter(({ protocol }) => protocol === (wanted.protocol ?? NETFORM_PROTOCOL));
  const found = ours.find(
    (route) => deletionKey(route) === deletionKey(wanted) && unknownKey(route) === unknownKey(wanted),
  );
  if (!found) throw callError('route.delete', 'ESRCH');
  if (ours.find((route) => deletionKey(route) === deletionKey(wanted)) === found) return found;
  throw sysError('EBUSY', `the kernel would delete another route to ${wanted.to}: delete that one first`);
}

/**
 * A replacement that leaves others' routes alone: of several IPv4 routes with one destination, table, metric and TOS the
 * kernel replaces the first (`fib_table_insert` in net/ipv4/fib_trie.c), which may be one that was put before ours.
 */
function exactReplacement(live: readonly RouteLive[], instruction: RouteInstruction): RouteInstruction {
  const { route } = instruction;
  if (route.to.includes(':')) return instruction;
  const twins = live.filter((one) => replacementKey(one) === replacementKey(route));
  const present = twins.find(({ protocol }) => protocol === (route.protocol ?? NETFORM_PROTOCOL));
  return present === undefined || present === twins[0] ? instruction : { ...instruction, present };
}

const replacementKey = ({ to, table, metric, tos }: RouteValue): string =>
  JSON.stringify([to, table, metric, tos ?? 0]);

/** What a deletion says: the order of hops does not count. */
function deletionKey(route: RouteValue): string {
  const { to, type, table, metric, tos, scope, realms } = route;
  const hops = route.hops.map(({ via, dev, weight, onlink }) => JSON.stringify([via, dev, weight, onlink])).sort();
  return JSON.stringify([to, type, table, metric, hops, tos, scope, realms, unknownOf(route, true)]);
}

const unknownKey = (route: RouteValue): string => JSON.stringify(unknownOf(route, false));

/** What the language lacks, as far as a deletion says it, or does not. */
const unknownOf = ({ unknown = [] }: RouteValue, isInKey: boolean): readonly UnknownAttribute[] =>
  unknown.filter(({ name }) => ['from', 'type', 'scope', 'nhid'].includes(name) === isInKey);
