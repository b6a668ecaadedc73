import { routeLabel, tableName } from '../../model/ids.ts';
import { routeMetricWords } from '../../model/kernel/route-metric-words.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import { type UnknownAttribute, unknownText } from '../../model/kernel/unknown-attribute.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import { planLine, transitionText } from '../plan-line.ts';
import type { RouteSpec } from './spec.ts';

/** `+ route default via 192.168.15.5`. */
export function describeRoute(operation: Operation<RouteSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const text = transitionText(before && textOf(before), after && textOf(after));
  return [planLine(operation, { noun: 'route', name: routeLabel(spec), text })];
}

function textOf(spec: RouteSpec): string {
  const parts = [
    routeWay(spec),
    spec.src === null ? '' : `src ${spec.src}`,
    spec.table === RT_TABLE_MAIN ? '' : `table ${tableName(spec.table)}`,
    spec.mtu === null ? '' : `mtu ${spec.mtu}`,
    routeOptionsText(spec),
  ];
  return parts.filter(Boolean).join(', ');
}

/** Where a route leads: its hops, or what its type does with packets. */
export const routeWay = ({ type, hops }: Pick<RouteSpec, 'type' | 'hops'>): string =>
  type === 'unicast' ? hopsText(hops) : [type, hopsText(hops)].filter(Boolean).join(' ');

/** `tos 0x10, advmss 1400`, with what the language lacks; empty text for a route without. The MTU is left out. */
export function routeOptionsText(spec: RouteSpec): string {
  const words = routeOptionWords(spec).map(({ name, value }) => `${name} ${value}`);
  return [...words, unknownText(spec)].filter(Boolean).join(', ');
}

/** What not every route has, in the words of `ip route`, without the lock that `rto_min` always has. */
export function routeOptionWords(spec: RouteSpec): readonly UnknownAttribute[] {
  const { tos, lock = [], realms, pref, scope } = spec;
  const locked = lock.filter((name) => name !== 'rto_min' || spec.rtoMin === undefined);
  return [
    ...(tos === undefined ? [] : [{ name: 'tos', value: `0x${tos.toString(16)}` }]),
    ...routeMetricWords({ ...spec, mtu: null }),
    ...Object.entries({ realms, pref, scope }).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value }],
    ),
    ...(locked.length === 0 ? [] : [{ name: 'lock', value: locked.join(' and ') }]),
  ];
}

/** `via 10.0.0.1`, `dev eth0`; several with their weights. */
export function hopsText(hops: RouteSpec['hops']): string {
  return hops
    .map(({ via, dev, weight, onlink }) => {
      const way = via === null ? `dev ${dev}` : `via ${via}`;
      return `${way}${onlink ? ` onlink dev ${dev}` : ''}${hops.length > 1 ? ` weight ${weight}` : ''}`;
    })
    .join(' and ');
}
