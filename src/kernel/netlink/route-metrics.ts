import type { RouteValue } from '../../model/instruction.ts';
import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import {
  decodeU32,
  listAttributes,
  nestedAttribute,
  optionalAttribute,
  stringAttribute,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import { RTA_METRICS } from './route-attributes.ts';

// linux/rtnetlink.h
const RTAX_LOCK = 1;
const RTAX_MTU = 2;
const RTAX_ADVMSS = 8;
const RTAX_INITCWND = 11;
const RTAX_CC_ALGO = 16;

/** RTAX_*: the names of the metrics by number, as `ip route` has them. */
const METRICS: readonly string[] = [
  ...['', 'lock', 'mtu', 'window', 'rtt', 'rttvar', 'ssthresh', 'cwnd', 'advmss', 'reordering', 'hoplimit'],
  ...['initcwnd', 'features', 'rto_min', 'initrwnd', 'quickack', 'congctl', 'fastopen_no_cookie'],
];

type RouteMetrics = Pick<RouteValue, 'mtu' | 'advmss' | 'initcwnd' | 'lock' | 'unknown'>;

/** RTA_METRICS of a route; nothing for one without metrics. Those that the language lacks are sent as they were read. */
export function metricsAttribute({ mtu, advmss, initcwnd, lock, unknown = [] }: RouteMetrics): readonly Buffer[] {
  const metrics = [
    ...optionalAttribute(lock, (names) => u32Attribute(RTAX_LOCK, lockBits(names))),
    ...optionalAttribute(mtu, (value) => u32Attribute(RTAX_MTU, value)),
    ...optionalAttribute(advmss, (value) => u32Attribute(RTAX_ADVMSS, value)),
    ...optionalAttribute(initcwnd, (value) => u32Attribute(RTAX_INITCWND, value)),
    ...unknown.flatMap(({ name, value }) => unknownMetric(METRICS.indexOf(name), value)),
  ];
  return metrics.length === 0 ? [] : [nestedAttribute(RTA_METRICS, metrics)];
}

/** What RTA_METRICS says: `mtu` null where it is not said, the other words only where they are. */
export function decodeMetrics(
  payload: Buffer | undefined,
): Omit<RouteMetrics, 'unknown'> & { readonly others: readonly UnknownAttribute[] } {
  const all = new Map(payload ? listAttributes(payload).map(({ type, payload }) => [type, payload]) : []);
  const [mtu, advmss] = [decodeU32(all.get(RTAX_MTU)), decodeU32(all.get(RTAX_ADVMSS))];
  const [initcwnd, lock] = [decodeU32(all.get(RTAX_INITCWND)), decodeU32(all.get(RTAX_LOCK))];
  for (const type of [RTAX_MTU, RTAX_ADVMSS, RTAX_INITCWND, RTAX_LOCK]) all.delete(type);
  return {
    mtu,
    ...(advmss === null ? {} : { advmss }),
    ...(initcwnd === null ? {} : { initcwnd }),
    ...(lock === null || lock === 0 ? {} : { lock: METRICS.filter((_name, bit) => bit > 0 && lock & (1 << bit)) }),
    others: [...all].map(([type, value]) => ({
      name: METRICS[type] ?? `metric ${type}`,
      value: type === RTAX_CC_ALGO ? value.toString('utf8').replace(/\0.*$/s, '') : String(decodeU32(value)),
    })),
  };
}

function unknownMetric(type: number, value: string): readonly Buffer[] {
  if (type < 1) return [];
  return [type === RTAX_CC_ALGO ? stringAttribute(type, value) : u32Attribute(type, Number(value))];
}

const lockBits = (names: readonly string[]): number =>
  names.reduce((bits, name) => bits | (1 << METRICS.indexOf(name)), 0) >>> 0;
