import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { LabRoute } from '../../model/lab.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { type AddressOwnerLookup, createAddressOwnerLookup } from '../addressing/owner-index.ts';
import { type AssignedAddress, type Family, formatFamily, type LabModel } from '../model.ts';
import type { ForwardingLookup } from './forwarding.ts';

/** Warns where traffic is sent through a namespace that does not forward, and where the file does not say that this is meant. */
export function reportMissingForwarding(
  world: LabModel,
  {
    routes,
    forwardingOf,
    hasErrors,
  }: {
    readonly routes: readonly LabRoute[];
    readonly forwardingOf: ForwardingLookup;
    /** Whether the lab has errors: what turns forwarding on may be among them. */
    readonly hasErrors: boolean;
  },
): void {
  const all = new Map([world.topology.host, ...world.topology.namespaces].map((netns) => [netns.name, netns]));
  const found = new Map<TopologyNetns, ForwardingNeed>();
  const ownerOf = createAddressOwnerLookup(world);
  for (const route of routes) {
    const family = familyOf(route.to);
    for (const { via, dev } of route.hops) {
      const owner = findRouter(world, ownerOf, { netns: route.netns, dev, via });
      const router = owner && all.get(owner.link.netns);
      if (!router || router.name === route.netns || found.get(router)?.families.has(family)) continue;
      const { on, explicit: settled } = forwardingOf(router, family);
      if (on || settled || !isTransit(world, { route, owner, router })) continue;
      const need = found.get(router) ?? { families: new Set(), route, owner };
      need.families.add(family);
      found.set(router, need);
    }
  }
  for (const [router, need] of found)
    if (!hasErrors || router.name !== 'host' || !need.route.implied)
      world.report(missingForwardingWarning(router, need));
}

type ForwardingNeed = { readonly families: Set<Family>; readonly route: LabRoute; readonly owner: AssignedAddress };

/**
 * A written route leads beyond the router unless its target is the router; an implied one only where there is a beyond,
 * which the host always has.
 */
function isTransit(
  world: LabModel,
  {
    route,
    owner,
    router,
  }: { readonly route: LabRoute; readonly owner: AssignedAddress; readonly router: TopologyNetns },
): boolean {
  const own = world.addressesByNetns.get(router.name) ?? [];
  const family = familyOf(route.to);
  if (!route.implied) return !own.some(({ address }) => route.to === `${address}/${family === 4 ? 32 : 128}`);
  if (router.name === 'host' || router.routes.length > 0) return true;
  return own.some(
    ({ prefix, segment, link }) =>
      prefix.family === family && segment !== owner.segment && link.kind !== 'lo' && link.master === null,
  );
}

/** The link of the lab that has a next hop's address. */
function findRouter(
  world: LabModel,
  ownerOf: AddressOwnerLookup,
  { netns, dev, via }: NextHopReference,
): AssignedAddress | null {
  const link = world.wiring.devices.get(netns)?.get(dev);
  const segment = link && world.segmentByLink.get(link);
  return segment && via !== null ? ownerOf(segment, via) : null;
}

type NextHopReference = { readonly netns: string; readonly dev: string; readonly via: string | null };

function missingForwardingWarning(
  router: TopologyNetns,
  { families, route, owner }: ForwardingNeed,
): ReturnType<typeof makeDiagnostic> {
  const words = [...families].sort().map(formatFamily).join(' and ');
  const isHost = router.name === 'host';
  if (isHost && route.implied) {
    const said = `the host is the gateway of ${owner.link.label}, but nothing turns ${words} forwarding on there`;
    return makeDiagnostic('needs-forwarding', atKey(owner.link.at), said, {
      severity: 'warning',
      hint: 'its members reach the host and nothing behind it: write `host: { forwarding: true }`, or `false` if that is meant',
    });
  }
  const message = `${isHost ? 'the host' : router.name} is a next hop of ${route.netns}, but ${words} forwarding is off there`;
  const at: Path = isHost ? route.at : router.at;
  const where = isHost ? '`host: { forwarding: true }`' : '`forwarding: true`';
  return makeDiagnostic('needs-forwarding', isHost ? atValue(at) : atKey(at), message, {
    severity: 'warning',
    related: isHost ? [] : [{ at: atValue(route.at), message: `${route.netns} sends through ${router.name}` }],
    hint: `write ${where}, or \`false\` if it must not forward`,
  });
}

/** The entry of `needs-forwarding` in docs/checks.md. */
export const needsForwardingDoc: CheckDoc = {
  name: 'needs-forwarding',
  code: 'NF2208',
  title: 'Router does not forward',
  explain:
    'A warning: a namespace, or the host, is the gateway or the next hop of others, and forwarding is off there. `forwarding: false` states that this is intended.',
  bad: `
bridges:
  lan-a: { subnet: 10.1.0.0/24, gateway: router }
  lan-b: { subnet: 10.2.0.0/24, gateway: router }
namespaces:
  router: { interfaces: { eth0: { bridge: lan-a }, eth1: { bridge: lan-b } } }
  red: { interfaces: { eth0: { bridge: lan-a } } }
`,
  good: `
bridges:
  lan-a: { subnet: 10.1.0.0/24, gateway: router }
  lan-b: { subnet: 10.2.0.0/24, gateway: router }
namespaces:
  router:
    forwarding: true
    interfaces: { eth0: { bridge: lan-a }, eth1: { bridge: lan-b } }
  red: { interfaces: { eth0: { bridge: lan-a } } }
`,
};
