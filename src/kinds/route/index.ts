import { PROTOCOL } from '../../model/instruction.ts';
import type { Kind } from '../../model/kind.ts';
import type { Live } from '../../model/live.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { defineKind } from '../define.ts';
import { absent, foreign, givenBack, ours, whoseProtocol } from '../found.ts';
import { compileRoutes } from './compile.ts';
import { describeRoute } from './describe.ts';
import { extraRoutes } from './extras.ts';
import { type RouteSpec, sortedHops } from './spec.ts';

const definition: Kind<RouteSpec> = {
  name: 'route',
  compile: compileRoutes,
  wants: ({ netns }) => ({ netns: [netns] }),
  observe,
  immutable: ['to', 'table', 'metric', 'type'],
  steps: ({ action, netns, before, after }, phase) => {
    if (phase === 'delete') return before ? [[{ do: 'route.delete', netns, route: before }]] : [];
    return after ? [[{ do: action === 'update' ? 'route.replace' : 'route.add', netns, route: after }]] : [];
  },
  describe: describeRoute,
  released: givenBack,
  extras: extraRoutes,
};

/** A route: one destination, table and metric in one namespace. */
export const route = defineKind(definition);

function observe(live: Live, resource: Resource<RouteSpec>): Found<RouteSpec> {
  const { to, table, metric } = resource.spec;
  const routes = live.netns.get(resource.netns)?.routes ?? [];
  const found = routes.filter((item) => item.to === to && item.table === table && item.metric === metric);
  const one = found.find((item) => item.protocol === PROTOCOL) ?? found[0];
  if (!one) return absent;
  const { protocol, ...value } = one;
  const spec = { ...value, hops: value.type === 'unicast' ? sortedHops(value.hops) : [] };
  return protocol === PROTOCOL ? ours(spec) : foreign({ ...spec, protocol }, whoseProtocol(protocol));
}
