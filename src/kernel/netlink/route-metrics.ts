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
const RTAX_WINDOW = 3;
const RTAX_RTT = 4;
const RTAX_ADVMSS = 8;
const RTAX_INITCWND = 11;
const RTAX_RTO_MIN = 13;
const RTAX_INITRWND = 14;
const RTAX_QUICKACK = 15;
const RTAX_CC_ALGO = 16;

/** RTAX_*: the names of the metrics by number, as `ip route` has them. */
const METRICS: readonly string[] = [
  ...['', 'lock', 'mtu', 'window', 'rtt', 'rttvar', 'ssthresh', 'cwnd', 'advmss', 'reordering', 'hoplimit'],
  ...['initcwnd', 'features', 'rto_min', 'initrwnd', 'quickack', 'congctl', 'fastopen_no_cookie'],
];

type RouteMetricWord = 'mtu' | 'window' | 'rtt' | 'advmss' | 'initcwnd' | 'rtoMin' | 'initrwnd' | 'quickack';
type RouteMetrics = Pick<RouteValue, RouteMetricWord | 'lock' | 'unknown'>;

/** The metrics that the language has. The kernel keeps `rtt` in eighths of a millisecond. */
const WORDS: readonly { readonly type: number; readonly word: RouteMetricWord; readonly unit: number }[] = [
  { type: RTAX_MTU, word: 'mtu', unit: 1 },
  { type: RTAX_WINDOW, word: 'window', unit: 1 },
  { type: RTAX_RTT, word: 'rtt', unit: 8 },
  { type: RTAX_ADVMSS, word: 'advmss', unit: 1 },
  { type: RTAX_INITCWND, word: 'initcwnd', unit: 1 },
  { type: RTAX_RTO_MIN, word: 'rtoMin', unit: 1 },
  { type: RTAX_INITRWND, word: 'initrwnd', unit: 1 },
  { type: RTAX_QUICKACK, word: 'quickack', unit: 1 },
];

/** RTA_METRICS of a route; nothing for one without metrics. Those that the language lacks are sent as they were read. */
export function metricsAttribute(route: RouteMetrics): readonly Buffer[] {
  const metrics = [
    ...optionalAttribute(route.lock, (names) => u32Attribute(RTAX_LOCK, lockBits(names))),
    ...WORDS.flatMap(({ type, word, unit }) =>
      optionalAttribute(route[word], (value) => u32Attribute(type, Number(value) * unit)),
    ),
    ...(route.unknown ?? []).flatMap(({ name, value }) => unknownMetric(METRICS.indexOf(name), value)),
  ];
  return metrics.length === 0 ? [] : [nestedAttribute(RTA_METRICS, metrics)];
}

/** What RTA_METRICS says: `mtu` null where it is not said, the other words only where they are. */
export function decodeMetrics(
  payload: Buffer | undefined,
): Omit<RouteMetrics, 'unknown'> & { readonly others: readonly UnknownAttribute[] } {
  const all = new Map(payload ? listAttributes(payload).map(({ type, payload }) => [type, payload]) : []);
  const lock = decodeU32(all.get(RTAX_LOCK)) ?? 0;
  const words = WORDS.flatMap(({ type, word, unit }) => {
    const value = decodeU32(all.get(type));
    if (value === null || value % unit !== 0 || (word === 'quickack' && value !== 1)) return [];
    all.delete(type);
    return [[word, word === 'quickack' ? true : value / unit] as const];
  });
  all.delete(RTAX_LOCK);
  return {
    mtu: null,
    ...Object.fromEntries(words),
    ...(lock === 0 ? {} : { lock: METRICS.filter((_name, bit) => bit > 0 && lock & (1 << bit)) }),
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
