import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import type { RouteOptions, RouteScope } from '../../../model/instruction.ts';
import {
  childCursor,
  listItems,
  nonNull,
  readBoolean,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../cursor.ts';
import { readMilliseconds } from '../duration.ts';
import { readRealms } from '../rule/realms.ts';
import { readTos } from '../rule/tos.ts';

/** What not every route has: fields only where they are written. The lock of `rtoMin`, without which it does nothing, is added. */
export function readRouteOptions(node: SourceCursor, report: SourceDiagnosticReporter): RouteOptions {
  const at = (key: string): SourceCursor => childCursor(node, key);
  const pref = readString(at('pref'));
  const lock = readLock(node, report);
  return {
    ...field('tos', readTos(at('tos'), report)),
    ...field('window', readInteger(at('window'))),
    ...field('rtt', readMilliseconds(at('rtt'), report, MOST_RTT)),
    ...field('advmss', readInteger(at('advmss'))),
    ...field('initcwnd', readInteger(at('initcwnd'))),
    ...field('rtoMin', readMilliseconds(at('rtoMin'), report, MOST_RTO)),
    ...field('initrwnd', readInteger(at('initrwnd'))),
    ...(readBoolean(at('quickack')) ? { quickack: true } : {}),
    ...(lock.length > 0 ? { lock } : {}),
    ...field('realms', readRealms(at('realms'), report)),
    ...(pref === 'low' || pref === 'high' ? { pref } : {}),
    ...field('scope', SCOPES.find((scope) => scope === readString(at('scope'))) ?? null),
  };
}

/** What RTAX_RTT holds, in eighths of a millisecond, and RTAX_RTO_MIN. */
const MOST_RTT = Math.floor(0xffffffff / 8);
const MOST_RTO = 0xffffffff;

const SCOPES: readonly RouteScope[] = ['global', 'site', 'link', 'host'];

/** For spreading: the field only where there is a value. */
const field = <K extends string, T>(key: K, value: T | null): { readonly [key in K]?: T } =>
  value === null ? {} : ({ [key]: value } as { readonly [key in K]?: T });

/** The metrics that may be locked, and the one that always is, in the order of RTAX_*. */
const LOCKS = ['mtu', 'window', 'rtt', 'advmss', 'initcwnd', 'rtoMin', 'initrwnd'] as const;

const isLock = (name: string): boolean => LOCKS.some((lock) => lock === name);

/** The locked metrics, in the words of `ip`. A lock without its metric is reported. */
function readLock(node: SourceCursor, report: SourceDiagnosticReporter): readonly string[] {
  const has = (key: string): boolean => childCursor(node, key).value !== undefined;
  const written = listItems(childCursor(node, 'lock'));
  for (const item of written) {
    const name = readString(item);
    if (name === null || (isLock(name) && has(name))) continue;
    const message = isLock(name)
      ? `the route locks "${name}" and has none`
      : `${JSON.stringify(name)} is not a metric that can be locked`;
    const hint = isLock(name) ? `write \`${name}:\`, or leave it out` : `write one of ${LOCKS.join(', ')}`;
    report(makeDiagnostic('bad-value', valueOfCursor(item), message, { hint }));
  }
  const names = new Set(nonNull(written.map(readString)));
  return LOCKS.filter((name) => has(name) && (names.has(name) || name === 'rtoMin')).map((name) =>
    name === 'rtoMin' ? 'rto_min' : name,
  );
}
