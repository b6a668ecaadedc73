import type { RouteLive } from '../model/live.ts';
import { familyOf } from '../net/address.ts';
import { containsText } from '../net/prefix.ts';
import { subnetsOf } from './subnets.ts';
import { addressesOf, type End, type Found, keyOf, type LanFound, thereIn } from './world.ts';

/** What is written so that exactly those default routes are implied that there are, and which are. */
export type GatewaysFound = {
  /** Bridges that are nobody's gateway, as `netns/name`. */
  readonly none: ReadonlySet<string>;
  /** Interfaces whose default route does not go by their LAN's gateway. */
  readonly refused: ReadonlySet<string>;
  /** Routes that nobody has to write. */
  readonly implied: ReadonlySet<RouteLive>;
};

type Way = { readonly netns: string; readonly end: End; readonly lan: LanFound; readonly via: string };

const FAMILIES = [4, 6] as const;

/** A bridge with an address is the gateway of its members: where it shall not be, that has to be written. */
export function gatewaysIn(found: Found): GatewaysFound {
  const implied = new Map<RouteLive, Way>();
  const unwanted: Way[] = [];
  for (const netns of found.places.filter((name) => name !== 'host')) {
    for (const family of FAMILIES) {
      const ways = waysOut(found, netns, family);
      const route = defaultRoute(found, netns, family);
      const [only] = ways;
      if (route === null) unwanted.push(...ways);
      else if (only && ways.length === 1 && isBy(route, only)) implied.set(route, only);
    }
  }
  const used = new Set([...implied.values()].map(({ lan }) => keyOf(lan.bridge)));
  const refused = new Set(unwanted.filter(({ lan }) => used.has(keyOf(lan.bridge))).map(({ end }) => keyOf(end)));
  return {
    none: new Set(unwanted.map(({ lan }) => keyOf(lan.bridge)).filter((key) => !used.has(key))),
    refused,
    implied: new Set([...implied].filter(([, { end }]) => !refused.has(keyOf(end))).map(([route]) => route)),
  };
}

/** The interfaces of a namespace on LANs whose bridge has an address of that family. */
function waysOut(found: Found, netns: string, family: 4 | 6): readonly Way[] {
  return found.lans
    .filter(({ bridge, isJoined }) => bridge.netns !== netns && !isJoined)
    .flatMap((lan) => {
      const gateway = addressesOf(found, lan.bridge).find((prefix) => familyOf(prefix) === family);
      const via = gateway?.split('/')[0] ?? '';
      const subnet = subnetsOf(found, lan).find((one) => gateway !== undefined && containsText(one, via));
      if (subnet === undefined) return [];
      return lan.members
        .filter((end) => end.netns === netns && end.link.up)
        .filter((end) => addressesOf(found, end).some((prefix) => containsText(subnet, prefix.split('/')[0] ?? '')))
        .map((end) => ({ netns, end, lan, via }));
    });
}

const defaultRoute = (found: Found, netns: string, family: 4 | 6): RouteLive | null =>
  (thereIn(found, netns)?.routes ?? []).find(
    ({ to, table, type }) => to === (family === 4 ? '0.0.0.0/0' : '::/0') && table === 254 && type === 'unicast',
  ) ?? null;

function isBy({ hops, metric, src, mtu, to }: RouteLive, { end, via }: Way): boolean {
  const [hop] = hops;
  const plain = metric === (to === '::/0' ? 1024 : 0) && src === null && mtu === null;
  return plain && hops.length === 1 && hop?.via === via && hop.dev === end.link.name && !hop.onlink;
}
