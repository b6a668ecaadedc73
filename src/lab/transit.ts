import { problem } from '../model/diagnostic.ts';
import type { LabRoute } from '../model/lab.ts';
import { atKey, atValue, type Path } from '../model/place.ts';
import type { Netns } from '../model/topology.ts';
import { familyOf } from '../net/address.ts';
import type { ForwardingOf } from './forwarding.ts';
import { type OwnerOf, ownersOf } from './owners.ts';
import { listWords } from './words.ts';
import { type Family, familyWords, type Placed, type World } from './world.ts';

/** Warns where traffic is sent through a namespace that does not forward, and where the file does not say that this is meant. */
export function reportTransit(
  world: World,
  { routes, forwardingOf }: { readonly routes: readonly LabRoute[]; readonly forwardingOf: ForwardingOf },
): void {
  const all = new Map([world.topology.host, ...world.topology.namespaces].map((netns) => [netns.name, netns]));
  const found = new Map<Netns, Need>();
  const ownerOf = ownersOf(world);
  for (const route of routes) {
    const family = familyOf(route.to);
    for (const { via, dev } of route.hops) {
      const owner = routerOf(world, ownerOf, { netns: route.netns, dev, via });
      const router = owner && all.get(owner.link.netns);
      if (!router || router.name === route.netns || found.get(router)?.families.has(family)) continue;
      const { on, settled } = forwardingOf(router, family);
      if (on || settled || !isTransit(world, { route, owner, router })) continue;
      const need = found.get(router) ?? { families: new Set(), route };
      need.families.add(family);
      found.set(router, need);
    }
  }
  for (const [router, need] of found) world.report(warning(router, need));
}

type Need = { readonly families: Set<Family>; readonly route: LabRoute };

/** A written route leads beyond the router unless its target is the router; an implied one only where there is a beyond. */
function isTransit(
  world: World,
  { route, owner, router }: { readonly route: LabRoute; readonly owner: Placed; readonly router: Netns },
): boolean {
  const own = world.placedIn.get(router.name) ?? [];
  const family = familyOf(route.to);
  if (!route.implied) return !own.some(({ address }) => route.to === `${address}/${family === 4 ? 32 : 128}`);
  if (router.routes.length > 0) return true;
  return own.some(
    ({ prefix, segment, link }) =>
      prefix.family === family && segment !== owner.segment && link.kind !== 'lo' && link.master === null,
  );
}

/** The link of the lab that has a next hop's address. */
function routerOf(world: World, ownerOf: OwnerOf, { netns, dev, via }: Seen): Placed | null {
  const link = world.wiring.devices.get(netns)?.get(dev);
  const segment = link && world.segmentOf.get(link);
  return segment && via !== null ? ownerOf(segment, via) : null;
}

type Seen = { readonly netns: string; readonly dev: string; readonly via: string | null };

function warning(router: Netns, { families, route }: Need): ReturnType<typeof problem> {
  const words = listWords([...families].sort().map(familyWords));
  const isHost = router.name === 'host';
  const message = `${isHost ? 'the host' : router.name} is a next hop of ${route.netns}, but nothing turns ${words} forwarding on there`;
  const at: Path = isHost ? route.at : router.at;
  const where = isHost ? '`host: { forwarding: true }`' : '`forwarding: true`';
  return problem('needs-forwarding', isHost ? atValue(at) : atKey(at), message, {
    severity: 'warning',
    related: isHost ? [] : [{ at: atValue(route.at), message: `${route.netns} sends through ${router.name}` }],
    hint: `write ${where}, or \`false\` where it shall not forward`,
  });
}
