import type { DeviceSysctlPattern, LiveState, Query } from '../../model/kernel/need.ts';
import type { Disruption } from '../../model/operation.ts';
import type { SysctlSpec } from './spec.ts';

/** The needs for what the switch of that key overwrites: `forwarding` of every device of its family. Empty: not a switch. */
export function forwardingNeeds(netns: string, key: string): Query {
  const pattern = patternOf(key);
  return pattern === null ? [] : [{ need: 'device-sysctls', netns, key: pattern }];
}

function patternOf(key: string): DeviceSysctlPattern | null {
  const dir = SWITCHES[key];
  return dir === undefined ? null : `${dir}/*/forwarding`;
}

const NO_DEVICES: ReadonlyMap<string, string | null> = new Map();

const devicesOf = (live: LiveState, netns: string, key: string): ReadonlyMap<string, string | null> => {
  const pattern = patternOf(key);
  return (pattern && live.get({ need: 'device-sysctls', netns, key: pattern })) ?? NO_DEVICES;
};

/** The value of a key that the switch of `key` overwrites, or of the switch itself; null: there is no such key. */
export function overwrittenSysctl(live: LiveState, netns: string, key: string, one: string): string | null {
  const isDevice = one.startsWith(`${SWITCHES[key]}/`) && one.endsWith('/forwarding');
  return isDevice
    ? (devicesOf(live, netns, key).get(one) ?? null)
    : live.get({ need: 'sysctl-value', netns, key: one });
}

/**
 * What else is overwritten, once: `inet_forward_change` in net/ipv4/devinet.c turns redirects off with forwarding on.
 */
export const forwardingSideEffects = (key: string): readonly string[] =>
  SWITCHES[key] === 'net/ipv4/conf' ? ['net/ipv4/conf/all/accept_redirects'] : [];

/** The switches that overwrite that key, so that it has to be written after them. */
export const overwritingSwitches = (key: string): readonly string[] =>
  key in SWITCHES
    ? []
    : Object.keys(SWITCHES).filter(
        (other) =>
          (key.startsWith(`${SWITCHES[other]}/`) && key.endsWith('/forwarding')) ||
          forwardingSideEffects(other).includes(key),
      );

/** The devices whose own setting is another than the switch's `value`, and what is overwritten besides. */
export function forwardingExceptions(
  live: LiveState,
  netns: string,
  { key, value }: { readonly key: string; readonly value: string },
): SysctlSpec['devices'] {
  const devices = [...devicesOf(live, netns, key)].filter(
    ([other, setting]) => other !== key && !other.includes('/all/') && setting !== value,
  );
  const besides = forwardingSideEffects(key).map(
    (other) => [other, live.get({ need: 'sysctl-value', netns, key: other })] as const,
  );
  const found = [...devices, ...besides].flatMap(([other, setting]): [string, string][] =>
    setting === null ? [] : [[other, setting]],
  );
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The family whose packets that key lets a namespace forward; null: it is not a switch. */
export function forwardedFamily(key: string): 4 | 6 | null {
  const dir = SWITCHES[key];
  return dir === undefined ? null : dir === 'net/ipv4/conf' ? 4 : 6;
}

/** The disruption of a sysctl's change: where forwarding is turned off, what was forwarded stops. */
export const forwardingDisruption = (key: string, before: string, after: string): Disruption =>
  key in SWITCHES && before !== after && after === '0' ? 'connections-lost' : 'none';

const SWITCHES: { readonly [key: string]: 'net/ipv4/conf' | 'net/ipv6/conf' } = {
  'net/ipv4/ip_forward': 'net/ipv4/conf',
  'net/ipv4/conf/all/forwarding': 'net/ipv4/conf',
  'net/ipv6/conf/all/forwarding': 'net/ipv6/conf',
};
