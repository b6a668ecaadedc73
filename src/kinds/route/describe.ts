import { routeLabel, tableName } from '../../model/ids.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import { unknownText } from '../../model/kernel/unknown-attribute.ts';
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

/** `tos 0x10, advmss 1400`, with what the language lacks; empty text for a route without. */
export function routeOptionsText(spec: RouteSpec): string {
  const { tos, advmss, initcwnd, lock = [], realms, pref, scope } = spec;
  const words = { advmss, initcwnd, realms, pref, scope };
  const parts = [
    tos === undefined ? '' : `tos 0x${tos.toString(16)}`,
    ...Object.entries(words).map(([name, value]) => (value === undefined ? '' : `${name} ${value}`)),
    lock.length === 0 ? '' : `lock ${lock.join(' and ')}`,
    unknownText(spec),
  ];
  return parts.filter(Boolean).join(', ');
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
