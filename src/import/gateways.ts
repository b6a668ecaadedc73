import type { RouteLive } from '../model/kernel/live-state.ts';
import { RT_TABLE_MAIN } from '../model/kernel/rtnetlink.ts';
import { familyOf } from '../net/address.ts';
import { prefixContainsText } from '../net/prefix.ts';
import {
  endpointAddresses,
  type ImportEndpoint,
  type ImportLan,
  type ImportModel,
  importEndpointKey,
  importNetnsState,
} from './model.ts';
import { importedLanSubnets } from './subnets.ts';

/** The gateway entries that imply exactly the existing default routes, and the routes that they imply. */
export type ImpliedGateways = {
  /** Bridges that are not a gateway of any member, as `netns/name`. */
  readonly none: ReadonlySet<string>;
  /** Interfaces whose default route does not go by their LAN's gateway. */
  readonly refused: ReadonlySet<string>;
  /** Routes that follow from a gateway, and need not be written. */
  readonly implied: ReadonlySet<RouteLive>;
};

type GatewayCandidate = {
  readonly netns: string;
  readonly end: ImportEndpoint;
  readonly lan: ImportLan;
  readonly via: string;
};

const FAMILIES = [4, 6] as const;

/** A bridge with an address is the gateway of its members: an exception has to be written. */
export function inferGateways(found: ImportModel): ImpliedGateways {
  const implied = new Map<RouteLive, GatewayCandidate>();
  const unwanted: GatewayCandidate[] = [];
  for (const netns of found.places.filter((name) => name !== 'host')) {
    for (const family of FAMILIES) {
      const ways = waysOut(found, netns, family);
      const route = defaultRoute(found, netns, family);
      const [only] = ways;
      if (route === null) unwanted.push(...ways);
      else if (only && ways.length === 1 && isBy(route, only)) implied.set(route, only);
    }
  }
  const used = new Set([...implied.values()].map(({ lan }) => importEndpointKey(lan.bridge)));
  const refused = new Set(
    unwanted.filter(({ lan }) => used.has(importEndpointKey(lan.bridge))).map(({ end }) => importEndpointKey(end)),
  );
  return {
    none: new Set(unwanted.map(({ lan }) => importEndpointKey(lan.bridge)).filter((key) => !used.has(key))),
    refused,
    implied: new Set(
      [...implied].filter(([, { end }]) => !refused.has(importEndpointKey(end))).map(([route]) => route),
    ),
  };
}

/** The interfaces of a namespace on LANs whose bridge has an address of that family. */
function waysOut(found: ImportModel, netns: string, family: 4 | 6): readonly GatewayCandidate[] {
  return found.lans
    .filter(({ bridge, isJoined }) => bridge.netns !== netns && !isJoined)
    .flatMap((lan) => {
      const gateway = endpointAddresses(found, lan.bridge).find((prefix) => familyOf(prefix) === family);
      const via = gateway?.split('/')[0] ?? '';
      const subnet = importedLanSubnets(found, lan).find(
        (one) => gateway !== undefined && prefixContainsText(one, via),
      );
      if (subnet === undefined) return [];
      return lan.members
        .filter((end) => end.netns === netns && end.link.up)
        .filter((end) =>
          endpointAddresses(found, end).some((prefix) => prefixContainsText(subnet, prefix.split('/')[0] ?? '')),
        )
        .map((end) => ({ netns, end, lan, via }));
    });
}

const defaultRoute = (found: ImportModel, netns: string, family: 4 | 6): RouteLive | null =>
  (importNetnsState(found, netns)?.routes ?? []).find(
    ({ to, table, type, tos, unknown = [] }) =>
      tos === undefined &&
      unknown.every(({ name }) => name !== 'from') &&
      to === (family === 4 ? '0.0.0.0/0' : '::/0') &&
      table === RT_TABLE_MAIN &&
      type === 'unicast',
  ) ?? null;

function isBy({ hops, metric, src, mtu, to, ...rest }: RouteLive, { end, via }: GatewayCandidate): boolean {
  const [hop] = hops;
  const plain = metric === (to === '::/0' ? 1024 : 0) && src === null && mtu === null;
  if (Object.keys(rest).some((word) => !PLAIN.has(word))) return false;
  return plain && hops.length === 1 && hop?.via === via && hop.dev === end.link.name && !hop.onlink;
}

/** What every route has, beside what is compared. */
const PLAIN = new Set(['type', 'table', 'protocol']);
