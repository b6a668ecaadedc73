import { onLinkPrefix } from '../../lab/model.ts';
import type { FeatureContext } from '../../lab/registers.ts';
import { tableOfVrf } from '../../lab/routing/l3-tables.ts';
import { DEFAULT_ROUTE_METRIC } from '../../lab/routing/routes.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabRoute } from '../../model/lab.ts';
import { prefixContains, requirePrefix } from '../../net/prefix.ts';
import type { LabWireguard } from './topology.ts';

/**
 * Routes to what is behind the peers of a link, unless its own subnets or the file have them. Everything (`/0`) gets none: the
 * way to the peer itself would lead into the tunnel. The kernel takes no route over a link that is down, written or not.
 */
export function peerRoutes(
  { world, routes }: FeatureContext,
  { netns, dev, peers, at }: LabWireguard,
): readonly LabRoute[] {
  const link = world.wiring.devices.get(netns)?.get(dev);
  if (!link?.up) return [];
  const table = link.l3master ? tableOfVrf(link.l3master) : RT_TABLE_MAIN;
  const own = (world.addressesByLink.get(link) ?? []).map(onLinkPrefix);
  const written = new Set(routes.filter((one) => one.netns === netns && one.table === table).map(({ to }) => to));
  const isReached = (text: string): boolean => {
    const prefix = requirePrefix(text);
    return own.some((one) => one.length <= prefix.length && prefixContains(one, prefix));
  };
  return peers.flatMap(({ name, allowedIps }) =>
    allowedIps
      .filter((to) => !to.endsWith('/0') && !written.has(to) && !isReached(to))
      .map((to): LabRoute => {
        const family = to.includes(':') ? 6 : 4;
        return {
          ...{ netns, to, type: 'unicast', hops: [{ via: null, dev, weight: 1, onlink: false }], src: null },
          ...{ metric: DEFAULT_ROUTE_METRIC[family], table, mtu: null, at, implied: false },
          reason: `behind ${shorten(name)}`,
        };
      }),
  );
}

/** A public key by its first characters. */
const shorten = (name: string): string => (name.endsWith('=') ? `${name.slice(0, 8)}…` : name);
