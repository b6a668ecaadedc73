import { routeName, tableName } from '../../model/ids.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import { planLine, transitionText } from '../plan-line.ts';
import type { RouteSpec } from './spec.ts';

/** `+ route default via 192.168.15.5`. */
export function describeRoute(operation: Operation<RouteSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const text = transitionText(before && textOf(before), after && textOf(after));
  return [planLine(operation, { noun: 'route', name: routeName(spec), text })];
}

function textOf(spec: RouteSpec): string {
  const parts = [
    spec.type === 'unicast' ? hopsText(spec.hops) : spec.type,
    spec.src === null ? '' : `src ${spec.src}`,
    spec.table === RT_TABLE_MAIN ? '' : `table ${tableName(spec.table)}`,
    spec.mtu === null ? '' : `mtu ${spec.mtu}`,
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
