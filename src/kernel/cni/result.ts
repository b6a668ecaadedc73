import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import type { CniResult } from '../../model/lab-parts/attachment.ts';
import type { CniConfig } from '../../model/lab-parts/lab-attachment.ts';

/** What a result says of addresses, routes and links, in whichever version of the specification it is. */
export type ResultFacts = {
  /** With prefix lengths. */
  readonly addresses: readonly string[];
  readonly routes: readonly { readonly to: string; readonly via: string | null }[];
  /** `sandbox` empty: a link of the host. */
  readonly interfaces: readonly { readonly name: string; readonly mac: string; readonly sandbox: string }[];
};

/** Reads a result: `ips` and `interfaces` of versions from 0.3.0 on, `ip4` and `ip6` of those before. */
export function readResult(result: CniResult): ResultFacts {
  const old = [result['ip4'], result['ip6']].filter(isJsonObject);
  return {
    addresses: [...items(result['ips']).flatMap(({ address }) => text(address)), ...old.flatMap(({ ip }) => text(ip))],
    routes: [...items(result['routes']), ...old.flatMap(({ routes }) => items(routes))].flatMap(({ dst, gw }) =>
      text(dst).map((to) => ({ to, via: text(gw)[0] ?? null })),
    ),
    interfaces: items(result['interfaces']).flatMap(({ name, mac, sandbox }) =>
      text(name).map((one) => ({ name: one, mac: text(mac)[0] ?? '', sandbox: text(sandbox)[0] ?? '' })),
    ),
  };
}

/** A result without the default routes of some families. */
export function withoutDefaults(result: CniResult, families: readonly (4 | 6)[]): CniResult {
  const isLeft = (route: Json): boolean =>
    !isJsonObject(route) || !families.some((family) => route['dst'] === (family === 4 ? '0.0.0.0/0' : '::/0'));
  const routes = result['routes'];
  return Array.isArray(routes) ? { ...result, routes: routes.filter(isLeft) } : result;
}

/**
 * A result without the MACs of bridges that have none of their own: as long as no plugin sets it (`isGateway`), such a bridge has the
 * lowest one of its ports, and so another one with the next port. CHECK would find fault with that.
 */
export function withoutPortMacs(result: CniResult, { plugins }: CniConfig): CniResult {
  const names = plugins.flatMap(({ type, bridge, isGateway, isDefaultGateway }) =>
    type === 'bridge' && isGateway !== true && isDefaultGateway !== true ? [bridge ?? 'cni0'] : [],
  );
  const interfaces = result['interfaces'];
  if (names.length === 0 || !Array.isArray(interfaces)) return result;
  const isPlain = (one: Spec): boolean => names.includes(one['name'] ?? '') && (one['sandbox'] ?? '') === '';
  return {
    ...result,
    interfaces: interfaces.map((one) => {
      if (!isJsonObject(one) || !isPlain(one)) return one;
      const { mac: _, ...rest } = one;
      return rest;
    }),
  };
}

const items = (value: Json | undefined): readonly Spec[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);
const text = (value: Json | undefined): readonly string[] => (typeof value === 'string' && value !== '' ? [value] : []);
