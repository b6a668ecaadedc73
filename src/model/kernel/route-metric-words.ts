import type { RouteOptions } from './route-options.ts';

/** The metrics that a route has, in the words of `ip route` and the order of RTAX_*: `rtt 20ms`, `quickack 1`. */
export function routeMetricWords(
  route: RouteOptions & { readonly mtu: number | null },
): readonly { readonly name: string; readonly value: string }[] {
  const { mtu, window, rtt, advmss, initcwnd, rtoMin, initrwnd, quickack } = route;
  const values = [
    ['mtu', mtu],
    ['window', window],
    ['rtt', rtt === undefined ? null : `${rtt}ms`],
    ['advmss', advmss],
    ['initcwnd', initcwnd],
    ['rto_min', rtoMin === undefined ? null : `${rtoMin}ms`],
    ['initrwnd', initrwnd],
    ['quickack', quickack ? 1 : null],
  ] as const;
  return values.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [{ name, value: `${value}` }],
  );
}
