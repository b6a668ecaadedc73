import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import type { LabRoute } from '../../model/lab.ts';
import type { Topology } from '../../model/topology.ts';
import { familyOf, isLinkLocalAddress } from '../../net/address.ts';
import { viaWord } from './neighbour-words.ts';
import { type Network, type NetworkLan, networkOf } from './network.ts';
import { lanOwner } from './path.ts';

/** A next hop, or a gateway, that no namespace of the lab has. */
export const nextHopWithoutOwner: LabCheck = {
  name: 'next-hop-without-owner',
  code: 'NF2211',
  ofTraffic: true,
  title: 'Next hop without an owner',
  explain:
    'A warning: a route leads to a next hop, or the subnet of a LAN to a gateway, which no namespace on that LAN has as an address. Packets wait for an answer to ARP, and are dropped. LANs on which a namespace is alone, and those that a link of the machine or a tunnel connects to others, are left out, and so are permanent neighbours, proxies and link-local addresses.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: 10.0.0.77 }] }
  router: { interfaces: { eth0: { bridge: lan }, lo: 10.9.0.1/16 } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: router }] }
  router: { forwarding: true, interfaces: { eth0: { bridge: lan }, lo: 10.9.0.1/16 } }
`,
  find: (topology, lab) => {
    const network = networkOf(topology, lab);
    const permanent = new Set(lab.neighbours.map(({ netns, dev, to }) => `${netns}/${dev}/${to}`));
    const seen = new Set<Path | string>();
    const placeOf = hopPlaces(topology);
    return lab.routes.flatMap((route) =>
      route.hops.flatMap(({ via, dev }) => {
        const lan = network.lanByDev.get(`${route.netns}/${dev}`);
        if (!lan || via === null || permanent.has(`${route.netns}/${dev}/${via}`)) return [];
        const place = route.implied ? `${lan.lan.label} ${via}` : route.at;
        if (seen.has(place) || !isMissing(network, lan, via)) return [];
        seen.add(place);
        const hop = { route, via, lan };
        return [warning(network, hop, placeOf(hop))];
      }),
    );
  },
};

const isMissing = (network: Network, lan: NetworkLan, via: string): boolean =>
  !lan.isOpen &&
  // Where the namespace is alone, the others are not in the file.
  lan.members.size > 1 &&
  !isLinkLocalAddress(via) &&
  !network.proxyLans.has(lan) &&
  lanOwner(network, lan, via) === null;

type MissingHop = { readonly route: LabRoute; readonly via: string; readonly lan: NetworkLan };

function warning(network: Network, hop: MissingHop, at: SourceLocation): Diagnostic {
  const { route, via, lan } = hop;
  const [other] = network.owners.get(via) ?? [];
  const owner = other ? `${other.netns}, which has it, is not on ${lan.lan.label}` : 'no namespace in this file has it';
  const what = route.implied ? `the gateway of ${lan.lan.label}` : `a next hop of ${route.netns}`;
  return makeDiagnostic('next-hop-without-owner', at, `${via} is ${what}, and ${owner}`, {
    severity: 'warning',
    hint: remedy(network, hop),
  });
}

/** The router on the LAN that can be meant, else one of those who are there. */
function remedy(network: Network, { route: { netns, implied }, via, lan }: MissingHop): string {
  const family = familyOf(via);
  const [first = netns, second = netns] = lan.members.keys();
  const others = [...network.routersOn(lan, family).slice(0, 2), first, second];
  const [router] = others.flatMap((neighbour) =>
    neighbour === netns ? [] : (viaWord(network, { netns, neighbour, lan, family }) ?? []),
  );
  if (router === undefined) return `give the address to a router on ${lan.lan.label}`;
  return implied ? `write gateway: ${router}` : `write via: ${router}`;
}

/** Returns where a next hop, or a gateway, is written. */
function hopPlaces({ host, namespaces, subnets }: Topology): (hop: MissingHop) => SourceLocation {
  const all = new Map([host, ...namespaces].map((netns) => [netns.name, netns]));
  const gateways = new Map(
    [...[...all.values()].flatMap(({ bridges }) => bridges), ...subnets].flatMap(({ gateway }) =>
      gateway.flatMap(({ value, at }) => ('address' in value ? [[value.address, at] as const] : [])),
    ),
  );
  return ({ route, via, lan }) => {
    const gateway = gateways.get(via);
    if (route.implied) return gateway ? atValue(gateway) : atKey(lan.lan.at);
    const written = all.get(route.netns)?.routes.find(({ at }) => at === route.at);
    const hop = written?.via.find(({ to }) => to !== null && 'address' in to && to.address === via);
    return atValue(hop?.at ?? route.at);
  };
}
