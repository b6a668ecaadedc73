import { NO_PLACES } from '../model/files/file-places.ts';
import type { LabProcess } from '../model/kernel/lab-process.ts';
import type { CurrentAddresses, Lab, LabLink } from '../model/lab.ts';
import { linkKindOf, sectionKind } from '../model/link-kind.ts';
import type { Topology } from '../model/topology.ts';
import { nicsWithMac } from '../model/values/nics-with-mac.ts';
import { toLabAddresses } from './addressing/assign-addresses.ts';
import { splitSubnets } from './addressing/split-subnets.ts';
import { buildLabModel } from './build-model.ts';
import { createDiagnosticCollector } from './diagnostic-collector.ts';
import { assignMacs } from './links/macs.ts';
import { createMtuLookup } from './links/mtus.ts';
import { resolveOwnLinks } from './links/own-links.ts';
import { toLabLan } from './links/to-lab-lans.ts';
import { toLabBridge, toLabCable, toLabLinks } from './links/to-lab-links.ts';
import type { ModelLink } from './model.ts';
import { addLinkPrograms, fillRegisters, type LabResolvers } from './registers.ts';
import { createConnectedSubnetLookup } from './routing/connected-subnets.ts';
import { impliedDefaultRoutes } from './routing/default-routes.ts';
import { resolveGateways } from './routing/gateways.ts';
import { resolveNeighbours } from './routing/neighbours.ts';
import { resolveRoutes } from './routing/routes.ts';
import { resolveRules } from './routing/rules.ts';
import { reportMissingForwarding } from './sysctls/check-forwarding.ts';
import { addressFamilies, createForwardingLookup } from './sysctls/forwarding.ts';
import { toLabNamespace, toLabSysctls } from './sysctls/sysctls.ts';
import { resolveTables } from './wiring/bridge-tables.ts';

/**
 * Resolves every name of a topology and decides everything automatic. `sticky` holds the addresses that links have now,
 * `<namespace>/<link>` → prefixes; with those of all the machine's own links (`host/lo`, `host/eth0`) next hops of the
 * host are found there too; without them such a route is left out.
 * Never throws: what cannot be resolved is in `problems` and left out.
 */
export function resolveLab(written: Topology, sticky: CurrentAddresses, resolvers: LabResolvers): Lab {
  const { linkKinds, networks, macSeed = written.name, secretOf = () => null, places = NO_PLACES } = resolvers;
  const { report, problems } = createDiagnosticCollector();
  const nicsOf = (mac: string): readonly string[] => nicsWithMac(resolvers.live, mac);
  const topology = splitSubnets(written, { currentAddresses: sticky, report });
  const world = buildLabModel({ topology, currentAddresses: sticky, linkKinds, networks, nicsOf, report });
  const { wiring } = world;
  const everywhere = [topology.host, ...topology.namespaces];
  const [gateways, connected] = [resolveGateways(world), createConnectedSubnetLookup(world)];
  const ownRoutes = everywhere.flatMap((netns) => {
    const { routes, defaults } = resolveRoutes(netns, { world, connected });
    return [...routes, ...impliedDefaultRoutes(world, netns, { gateways, explicit: defaults })];
  });
  const macs = assignMacs(macSeed, wiring);
  const registers = fillRegisters(resolvers.features, {
    world,
    connected,
    routes: ownRoutes,
    macs,
    live: resolvers.live,
    secretOf,
    places,
  });
  const { nat, forwards, ports, nft, seenFiles, attachments, publications } = registers;
  const forwarding = createForwardingLookup(registers.forwarding);
  const hasErrors = problems().some(({ severity }) => severity === 'error');
  const routes = [...ownRoutes, ...registers.routes];
  reportMissingForwarding(world, { routes, forwardingOf: forwarding, hasErrors });
  const own = resolveOwnLinks(world, connected);
  const [bridgeKind, pairKind] = [sectionKind(linkKinds, 'bridges'), sectionKind(linkKinds, 'links')];
  const decided = {
    macs,
    mtus: createMtuLookup(wiring, own),
    members: wiring.vlans.members,
    ports: bridgeKind.ports?.fields ?? {},
  };
  const tables = resolveTables(wiring, report);
  const hairpins = new Set(registers.hairpins);
  const filtered = new Set(registers.filtered);
  const bridges = wiring.bridges.map((link) => ({
    ...toLabBridge(link.own ? linkKindOf(linkKinds, link.own.kind) : bridgeKind, link, { ...decided, filtered }),
    ...tables.get(link),
  }));
  const links = toLabLinks(own, { ...decided, joins: wiring.joins }).map(madeBy(registers.processes));
  const context = { lab: topology.name, secretOf };
  return {
    name: topology.name,
    namespaces: topology.namespaces.map((netns) =>
      toLabNamespace(netns, { forwarding, families: addressFamilies(world, netns.name) }),
    ),
    bridges,
    cables: wiring.vethPairs.map((wire) => toLabCable(pairKind, wire, { ...decided, targets: hairpins })),
    links,
    existing: wiring.links.filter(({ kind }) => kind === 'existing').map(toLabExisting),
    addresses: toLabAddresses(world),
    routes,
    rules: everywhere.flatMap((netns) => resolveRules(world, netns)),
    neighbours: everywhere.flatMap((netns) => resolveNeighbours(world, netns)),
    sysctls: toLabSysctls(world, { forwarding, required: registers.sysctls }),
    ...{ nat, forwards, ports, nft, seenFiles, attachments, publications, resolvers: registers.resolvers },
    ...addLinkPrograms(registers, [...bridges, ...links], { linkKinds, context }),
    features: registers.values,
    files: resolvers.files.flatMap((resolve) => resolve(topology)),
    lans: world.segments.map((segment) => toLabLan(world, segment, gateways)),
    problems: problems(),
  };
}

/** Says of a link that one of these processes makes it. */
const madeBy = (processes: readonly LabProcess[]): ((link: LabLink) => LabLink) => {
  const made = new Set(processes.flatMap(({ netns, makes }) => (makes === undefined ? [] : [`${netns}/${makes}`])));
  return (link) => (made.has(`${link.netns}/${link.name}`) ? { ...link, madeByProgram: true } : link);
};

/** A link of the machine that the file only adds to. */
const toLabExisting = ({ name, at, master, l3master, nicMac }: ModelLink): Lab['existing'][number] => ({
  ...{ name, at },
  ...((master ?? l3master) ? { master: (master ?? l3master)?.name ?? '' } : {}),
  ...(nicMac ? { mac: nicMac } : {}),
});
