import type { AnyFact, DeviceSysctlPattern, LiveState, NeedId, NeedName, Query } from '../../src/model/kernel/need.ts';

type Sysctls = { readonly [key: string]: string | null };

/** Sysctls of a namespace as both needs for them answer: one by one, and those of a kind of every device together. */
export function sysctlFacts(netns: string, sysctls: Sysctls): readonly AnyFact[] {
  const trees = new Map<DeviceSysctlPattern, Map<string, string | null>>();
  for (const [key, value] of Object.entries(sysctls)) {
    const pattern = key.replace(/^(net\/ipv[46]\/conf)\/[^/]+\/(\w+)$/, '$1/*/$2');
    if (isDevicePattern(pattern)) trees.set(pattern, (trees.get(pattern) ?? new Map()).set(key, value));
  }
  return [
    ...Object.entries(sysctls).map(
      ([key, answer]): AnyFact => ({ need: { need: 'sysctl-value', netns, key }, answer }),
    ),
    ...[...trees].map(([key, answer]): AnyFact => ({ need: { need: 'device-sysctls', netns, key }, answer })),
  ];
}

const isDevicePattern = (text: string): text is DeviceSysctlPattern => text.includes('/*/');

/** The state as a program sees it that may use nothing but what it has asked for. */
export function onlyAsked(live: LiveState, query: Query): LiveState {
  const asked = new Set(query.map(identityOf));
  return {
    ...live,
    get: <N extends NeedName>(need: NeedId<N>) => {
      if (!asked.has(identityOf(need))) throw new Error(`used, but not asked for: ${identityOf(need)}`);
      return live.get(need);
    },
  };
}

const identityOf = ({ need, netns = '', key = '' }: { need: string; netns?: string; key?: string }): string =>
  `${need} ${netns} ${key}`;
