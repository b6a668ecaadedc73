import { problem } from '../model/diagnostic.ts';
import type { LabRoute } from '../model/lab.ts';
import { atKey, atValue } from '../model/place.ts';
import type { Netns } from '../model/topology.ts';
import { parseAddress } from '../net/address.ts';
import { contains } from '../net/prefix.ts';
import type { Gateway, Gateways } from './gateways.ts';
import { DEFAULT_METRIC, DEFAULT_PREFIX, MAIN_TABLE } from './routes.ts';
import { linkWords, listWords } from './words.ts';
import { FAMILIES, type Family, familyWords, type Link, type World } from './world.ts';

/**
 * The implied default routes of a namespace: per family, where exactly one interface is on a subnet that has a gateway,
 * or one says `gateway: true`. On the host only where an interface says so: it has a default route of its own.
 * `explicit` holds the families that have a written one.
 */
export function defaultRoutes(
  world: World,
  netns: Netns,
  { gateways, explicit }: { readonly gateways: Gateways; readonly explicit: ReadonlySet<Family> },
): readonly LabRoute[] {
  const ways = waysOut(world, netns.name, gateways);
  reportWithout(world, netns, ways);
  return FAMILIES.filter((family) => !explicit.has(family)).flatMap((family) => {
    const candidates = ways.filter((way) => way.family === family && way.link.gateway?.value !== false);
    const chosen = candidates.filter(({ link }) => link.gateway?.value === true);
    const one = chosen.length > 0 ? chosen : netns.name === 'host' ? [] : candidates;
    if (one.length > 1) world.report(ambiguous(netns, one));
    const [way] = one;
    return way && one.length === 1 ? [routeOf(netns, way)] : [];
  });
}

type Way = { readonly family: Family; readonly link: Link; readonly gateway: Gateway };

/** One per link and family. */
function waysOut(world: World, netns: string, gateways: Gateways): readonly Way[] {
  const ways = new Map<string, Way>();
  for (const { link, segment, prefix } of world.placedIn.get(netns) ?? []) {
    if (!segment || !link.up || link.master) continue;
    for (const gateway of gateways.get(segment) ?? []) {
      const address = parseAddress(gateway.address);
      const onLink = address !== null && contains(prefix, address) && contains(gateway.subnet.prefix, prefix);
      const key = `${link.name} ${prefix.family}`;
      if (onLink && gateway.owner?.link.netns !== netns && !ways.has(key))
        ways.set(key, { family: prefix.family, link, gateway });
    }
  }
  return [...ways.values()];
}

function reportWithout({ report, wiring }: World, netns: Netns, ways: readonly Way[]): void {
  for (const { name, at, gateway } of netns.interfaces) {
    const link = wiring.devices.get(netns.name)?.get(name);
    if (gateway?.value !== true || !link?.up || wiring.broken.has(netns.name)) continue;
    if (ways.some((way) => way.link === link)) continue;
    report(
      problem('ambiguous-default', atValue(gateway.at), `${netns.name}:${name} is on no subnet with a gateway`, {
        related: [{ at: atKey(at), message: 'the interface' }],
        hint: 'write `gateway:` at its bridge or subnet, or a default route under `routes`',
      }),
    );
  }
}

function ambiguous(netns: Netns, ways: readonly Way[]): ReturnType<typeof problem> {
  const family = ways[0]?.family ?? 4;
  const links = listWords(ways.map(({ link, gateway }) => `${link.label} (${gateway.address})`));
  const message = `${netns.name} has no ${familyWords(family)} default route: several interfaces are on a subnet with a gateway, ${links}`;
  return problem('ambiguous-default', atKey(netns.at), message, {
    severity: 'warning',
    related: ways.map(({ link }) => ({ at: atKey(link.at), message: `${linkWords(link)} has a gateway` })),
    hint: 'write `gateway: true` at one of them, `gateway: false` at the others, or a default route',
  });
}

const routeOf = (netns: Netns, { family, link, gateway }: Way): LabRoute => ({
  netns: netns.name,
  to: DEFAULT_PREFIX[family],
  type: 'unicast',
  hops: [{ via: gateway.address, dev: link.name, weight: 1, onlink: false }],
  src: null,
  metric: DEFAULT_METRIC[family],
  table: MAIN_TABLE,
  mtu: null,
  at: link.at,
  implied: true,
});
