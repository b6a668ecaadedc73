import type { Lab, Sticky } from '../model/lab.ts';
import type { Topology } from '../model/topology.ts';
import { labAddresses } from './addresses.ts';
import type { bridgesOf } from './bridges.ts';
import { conflistsOf } from './conflists.ts';
import { connectedSubnets } from './connected.ts';
import { defaultRoutes } from './default-routes.ts';
import { namesOf } from './dns.ts';
import { familiesIn, forwardingOf } from './forwarding.ts';
import { forwardsOf } from './forwards.ts';
import { gatewaysOf } from './gateways.ts';
import { labLan } from './lab-lans.ts';
import { labBridge, labCable, labVxlans } from './lab-links.ts';
import { macsOf } from './macs.ts';
import { worldOf } from './make-world.ts';
import { mtusOf } from './mtus.ts';
import { natOf } from './nat.ts';
import { neighboursOf } from './neighbours.ts';
import { collector } from './problems.ts';
import { writtenRoutes } from './routes.ts';
import { rulesOf } from './rules.ts';
import { labSysctls, namespaceOf } from './sysctls.ts';
import { reportTransit } from './transit.ts';
import { tunnelsOf } from './vxlans.ts';
import type { Link } from './world.ts';

/**
 * Resolves every name of a topology and decides everything automatic. `sticky` holds the addresses that links have now,
 * `<namespace>/<link>` → prefixes; with those of all the machine's own links (`host/lo`, `host/eth0`) next hops of the
 * host are found there too; without them such a route is left out.
 * Never throws: what cannot be resolved is in `problems` and left out.
 */
export function elaborate(topology: Topology, sticky: Sticky): Lab {
  const { report, problems } = collector();
  const world = worldOf({ topology, sticky, report });
  const { wiring } = world;
  const everywhere = [topology.host, ...topology.namespaces];
  const gateways = gatewaysOf(world);
  const connected = connectedSubnets(world);
  const routes = everywhere.flatMap((netns) => {
    const { routes, defaults } = writtenRoutes(netns, { world, connected });
    return [...routes, ...defaultRoutes(world, netns, { gateways, explicit: defaults })];
  });
  const bridges = bridgesByKey(wiring.bridges);
  const nat = everywhere.flatMap((netns) => natOf(world, netns, bridges));
  const forwards = forwardsOf({ world, connected, routes });
  const forwarding = forwardingOf(world, { nat, forwards });
  reportTransit(world, { routes, forwardingOf: forwarding });
  const tunnels = tunnelsOf(world, connected);
  const decided = { macs: macsOf(topology.name, wiring), mtus: mtusOf(wiring, tunnels) };
  const targets = new Set(forwards.flatMap(({ target }) => target ?? []));
  return {
    name: topology.name,
    namespaces: topology.namespaces.map((netns) =>
      namespaceOf(netns, { forwarding, families: familiesIn(world, netns.name) }),
    ),
    bridges: wiring.bridges.flatMap((link) => labBridge(link, decided)),
    cables: wiring.wires.map((wire) => labCable(wire, decided, targets)),
    vxlans: labVxlans(tunnels, decided),
    existing: wiring.links.filter(({ kind }) => kind === 'existing').map(({ name, at }) => ({ name, at })),
    addresses: labAddresses(world),
    routes,
    rules: everywhere.flatMap((netns) => rulesOf(world, netns)),
    neighbours: everywhere.flatMap((netns) => neighboursOf(world, netns)),
    sysctls: labSysctls(world, { forwarding, forwards }),
    nat,
    forwards: forwards.map(({ forward }) => forward),
    names: namesOf(world),
    conflists: conflistsOf(topology),
    lans: world.segments.map((segment) => labLan(world, segment, gateways)),
    problems: problems(),
  };
}

const bridgesByKey = (bridges: readonly Link[]): ReturnType<typeof bridgesOf> =>
  new Map(bridges.map((bridge) => [`${bridge.netns}/${bridge.label}`, bridge]));
