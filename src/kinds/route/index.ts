import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import { routeId } from '../../model/ids.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { requirePrefix } from '../../net/prefix.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import {
  absentObservation,
  foreignObservation,
  ownObservation,
  protocolOwner,
  restoreOriginal,
  unknownObservation,
} from '../observation.ts';
import { compileRoutes } from './compile.ts';
import { describeRoute, routeOptionWords } from './describe.ts';
import { hasHops, originalHopsOf, type RouteSpec, routeKey, routeValueOf, sortedHops } from './spec.ts';
import { findUnmanagedRoutes } from './unmanaged.ts';

const definition: Kind<RouteSpec> = {
  name: 'route',
  compile: compileRoutes,
  query: ({ netns }) => [{ need: 'namespace', netns }],
  observe,
  immutable: ['to', 'table', 'metric', 'type', 'tos'],
  markFields: [['protocol'], ['originalHops']],
  instructions: ({ action, netns, before, after }, phase) => {
    if (phase === 'delete') return before ? [[{ do: 'route.delete', netns, route: routeValueOf(before) }]] : [];
    const verb = action === 'update' ? 'route.replace' : 'route.add';
    return after ? [[{ do: verb, netns, route: routeValueOf(after) }]] : [];
  },
  describe: describeRoute,
  disrupts: disruptionOf(() => 'none'),
  restoreTo: restoreOriginal,
  exclusive: (spec, netns) => (netns === 'host' ? hostRouteClaims(spec) : []),
  findUnmanaged: findUnmanagedRoutes,
};

/** A route that is wider than half of all addresses takes nothing away from a lab that has a subnet of its own. */
function hostRouteClaims({ to, table, metric, type, hops, tos }: RouteSpec): readonly ExclusiveClaim[] {
  const dev = hops[0]?.dev;
  const same = {
    of: 'thing',
    key: routeId('host', { to, table, metric, ...(tos === undefined ? {} : { tos }) }),
    text: `the route to ${to}`,
  } as const;
  if (dev === undefined || type !== 'unicast' || table !== RT_TABLE_MAIN || requirePrefix(to).length <= 1)
    return [same];
  return [same, { of: 'subnet', prefix: to, address: null, dev, text: `the route to ${to}` }];
}

/** A route: one destination, table and metric in one namespace. */
export const route = defineKind(definition);

/**
 * The route with the key of the wanted one: destination, table, metric and, of IPv4, TOS. One with something that the
 * language lacks, or that the file does not say, is in the way and cannot be adopted: it would be less than it was.
 */
function observe(
  live: LiveState,
  resource: Resource<RouteSpec>,
  context: KindContext<RouteSpec>,
): Observation<RouteSpec> {
  const key = routeKey(resource.spec);
  const routes = live.get({ need: 'namespace', netns: resource.netns })?.routes ?? [];
  const found = routes.filter((item) => routeKey(item) === key);
  const one = found.find((item) => item.protocol === NETFORM_PROTOCOL) ?? found[0];
  if (!one) return absentObservation;
  const { protocol, ...value } = one;
  const spec = { ...value, hops: hasHops(value) ? sortedHops(value.hops) : [] };
  const isOurs = protocol === NETFORM_PROTOCOL;
  const isManaged = isOurs && (context.recorded !== null || context.interrupted);
  const more = isManaged ? [] : unsaidOptions(spec, resource.spec);
  if (more.length > 0) return unknownObservation({ ...spec, unknown: more }, protocolOwner(protocol));
  if (isOurs) return ownObservation(spec);
  return foreignObservation({ ...spec, ...originalHopsOf(value), protocol }, protocolOwner(protocol));
}

/** What a route has that the wanted one does not say: words of the language, and what it has no word for. */
function unsaidOptions(found: RouteSpec, wanted: RouteSpec): readonly UnknownAttribute[] {
  const said = new Set(routeOptionWords(wanted).map(({ name }) => name));
  return [...routeOptionWords(found).filter(({ name }) => !said.has(name)), ...(found.unknown ?? [])];
}
