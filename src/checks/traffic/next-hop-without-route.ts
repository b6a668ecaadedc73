import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabRoute } from '../../model/lab.ts';
import { requirePrefix } from '../../net/prefix.ts';
import { createDestinationLookup } from './known-destinations.ts';
import { addressWord, viaWord } from './neighbour-words.ts';
import { type Network, type NetworkLan, networkOf } from './network.ts';
import { lanOwner } from './path.ts';

/** A route to a router that has no route to the destination. */
export const nextHopWithoutRoute: LabCheck = {
  name: 'next-hop-without-route',
  code: 'NF2212',
  ofTraffic: true,
  title: 'Next hop has no route',
  explain:
    'A warning: a written route leads to a next hop of the lab which has no route to any part of that destination, no address in it and no default route, and so refuses the packets. A route of the type `unreachable` or `blackhole` there says that this is meant.',
  bad: `
bridges: { lan1: 10.1.0.0/24, lan2: 10.2.0.0/24, lan3: 10.3.0.0/24 }
namespaces:
  a: { interfaces: { eth0: { bridge: lan1 } }, routes: [{ to: 10.3.0.0/24, via: r1 }] }
  r1: { forwarding: true, interfaces: { eth0: { bridge: lan1 }, eth1: { bridge: lan2 } } }
  r2: { forwarding: true, interfaces: { eth0: { bridge: lan2 }, eth1: { bridge: lan3 } } }
`,
  good: `
bridges: { lan1: 10.1.0.0/24, lan2: 10.2.0.0/24, lan3: 10.3.0.0/24 }
namespaces:
  a: { interfaces: { eth0: { bridge: lan1 } }, routes: [{ to: 10.3.0.0/24, via: r1 }] }
  r1:
    forwarding: true
    interfaces: { eth0: { bridge: lan1 }, eth1: { bridge: lan2 } }
    routes: [{ to: 10.3.0.0/24, via: r2 }]
  r2:
    forwarding: true
    interfaces: { eth0: { bridge: lan2 }, eth1: { bridge: lan3 } }
    routes: [{ to: 10.1.0.0/24, via: r1 }]
`,
  find: (topology, lab) => {
    const network = networkOf(topology, lab);
    const places = new Map(lab.namespaces.map(({ name, at }) => [name, at]));
    const knows = createDestinationLookup(network);
    const lans = new Map(network.lans.flatMap((lan) => lan.lan.subnets.map((subnet) => [subnet, lan] as const)));
    return lab.routes.flatMap((route) =>
      route.hops.flatMap(({ via, dev }): readonly Diagnostic[] => {
        const lan = network.lanByDev.get(`${route.netns}/${dev}`);
        const router = lan && via !== null && isCandidate(route) ? lanOwner(network, lan, via) : null;
        const at = router === null ? null : places.get(router);
        const prefix = requirePrefix(route.to);
        if (router === null || !at || !network.forwards(router, prefix.family)) return [];
        if (network.netnsWithRules.has(router) || network.foreign.has(router) || knows(router, prefix)) return [];
        return [
          makeDiagnostic(
            'next-hop-without-route',
            atValue(route.at),
            `${route.netns} sends packets for ${route.to} to ${router}, which has no route there`,
            {
              severity: 'warning',
              related: [{ at: atKey(at), message: `${router} is here` }],
              hint: remedy(network, router, route.to, lans.get(route.to)),
            },
          ),
        ];
      }),
    );
  },
};

/** A default route leads to the edge of a lab. */
const isCandidate = ({ netns, to, table, implied }: LabRoute): boolean =>
  netns !== 'host' && !implied && table === RT_TABLE_MAIN && !to.endsWith('/0');

/** The route by a neighbour that is on the LAN of the destination. */
function remedy(network: Network, netns: string, to: string, target: NetworkLan | undefined): string {
  const family = requirePrefix(to).family;
  const own = new Set((network.addressesByNetns.get(netns) ?? []).flatMap(({ lan }) => lan ?? []));
  const [via] = [...own].flatMap((lan) =>
    network
      .routersOn(lan, family)
      .filter((neighbour) => neighbour !== netns && target?.members.has(neighbour))
      .flatMap((neighbour) => viaWord(network, { netns, neighbour, lan, family }) ?? []),
  );
  return via === undefined
    ? `add a route to ${to} to ${netns}, or send the packets to another router`
    : `add to ${netns}: routes: [{ to: ${addressWord(to)}, via: ${via} }]`;
}
