import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import { routeId } from '../../model/ids.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { Kind } from '../../model/kind.ts';
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
} from '../observation.ts';
import { compileRoutes } from './compile.ts';
import { describeRoute } from './describe.ts';
import { type RouteSpec, sortedHops } from './spec.ts';
import { findUnmanagedRoutes } from './unmanaged.ts';

const definition: Kind<RouteSpec> = {
  name: 'route',
  compile: compileRoutes,
  query: ({ netns }) => [{ need: 'namespace', netns }],
  observe,
  immutable: ['to', 'table', 'metric', 'type'],
  markFields: [['protocol']],
  instructions: ({ action, netns, before, after }, phase) => {
    if (phase === 'delete') return before ? [[{ do: 'route.delete', netns, route: before }]] : [];
    return after ? [[{ do: action === 'update' ? 'route.replace' : 'route.add', netns, route: after }]] : [];
  },
  describe: describeRoute,
  disrupts: disruptionOf(() => 'none'),
  restoreTo: restoreOriginal,
  exclusive: (spec, netns) => (netns === 'host' ? hostRouteClaims(spec) : []),
  findUnmanaged: findUnmanagedRoutes,
};

/** A route that is wider than half of all addresses takes nothing away from a lab that has a subnet of its own. */
function hostRouteClaims({ to, table, metric, type, hops }: RouteSpec): readonly ExclusiveClaim[] {
  const dev = hops[0]?.dev;
  const same = { of: 'thing', key: routeId('host', { to, table, metric }), text: `the route to ${to}` } as const;
  if (dev === undefined || type !== 'unicast' || table !== RT_TABLE_MAIN || requirePrefix(to).length <= 1)
    return [same];
  return [same, { of: 'subnet', prefix: to, address: null, dev, text: `the route to ${to}` }];
}

/** A route: one destination, table and metric in one namespace. */
export const route = defineKind(definition);

function observe(live: LiveState, resource: Resource<RouteSpec>): Observation<RouteSpec> {
  const { to, table, metric } = resource.spec;
  const routes = live.get({ need: 'namespace', netns: resource.netns })?.routes ?? [];
  const found = routes.filter((item) => item.to === to && item.table === table && item.metric === metric);
  const one = found.find((item) => item.protocol === NETFORM_PROTOCOL) ?? found[0];
  if (!one) return absentObservation;
  const { protocol, ...value } = one;
  const spec = { ...value, hops: value.type === 'unicast' ? sortedHops(value.hops) : [] };
  return protocol === NETFORM_PROTOCOL
    ? ownObservation(spec)
    : foreignObservation({ ...spec, protocol }, protocolOwner(protocol));
}
