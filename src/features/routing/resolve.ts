import { IP_FAMILIES, type LabModel } from '../../lab/model.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { addressId, processId } from '../../model/ids.ts';
import { labRunFolder } from '../../model/kernel/lab-process.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import { shortSha256 } from '../../model/values/short-sha256.ts';
import { familyOf } from '../../net/address.ts';
import { bird } from '../../programs/bird.ts';
import { type ProgramPlace, type ProgramRun, runFolderOf } from '../../programs/define-program.ts';
import { frrBgpd, frrOspf6d, frrOspfd, frrZebra } from '../../programs/frr.ts';
import type { RouterData } from '../../programs/router-data.ts';
import { findDevice } from './devices.ts';
import { ownAddresses, sessionsWith } from './sessions.ts';
import { type TopologyRouting, writtenRouting } from './topology.ts';

/** The name of the process of a routing daemon. */
export const ROUTING_PROCESS = 'routing';

/** The routers, each with its process and its files; they forward. */
export function resolveRouters(context: FeatureContext): FeatureContribution {
  const { world } = context;
  const found = [world.topology.host, ...world.topology.namespaces].flatMap((netns) => {
    const written = writtenRouting(netns);
    return written === null
      ? []
      : [{ netns: netns.name, at: written.at, engine: written.engine, data: toData(context, netns, written) }];
  });
  if (found.length === 0) return {};
  const runs = found.flatMap(({ netns, engine, data, at }) => {
    const links = new Set((world.addressesByNetns.get(netns) ?? []).map(({ link }) => link.name));
    const folder = `${labRunFolder(world.topology.name, netns)}/${ROUTING_PROCESS}`;
    const place = { netns, name: ROUTING_PROCESS, at, folder, after: [...links].map((dev) => addressId(netns, dev)) };
    return engine === 'bird' ? [bird(data, place)] : frrRuns(data, place);
  });
  return {
    value: found,
    processes: runs.map(({ process }) => process),
    storedFiles: runs.flatMap(({ storedFiles }) => storedFiles),
    forwarding: found.flatMap(({ netns, data, at }) =>
      familiesOf(world, netns, data).map((family) => ({ ...{ netns, family, reason: 'routing', at } })),
    ),
  };
}

/** zebra, and one daemon for each protocol: they meet in its folder, and begin after it. */
function frrRuns(data: RouterData, place: ProgramPlace): readonly ProgramRun[] {
  const options = { data, run: runFolderOf(place) };
  const families = new Set(data.ospf?.interfaces.flatMap((one) => one.families) ?? []);
  const others = [
    ...(data.bgp === null ? [] : [{ name: 'bgpd', program: frrBgpd }]),
    ...(families.has(4) ? [{ name: 'ospfd', program: frrOspfd }] : []),
    ...(families.has(6) ? [{ name: 'ospf6d', program: frrOspf6d }] : []),
  ];
  const after = [...place.after, processId(place.netns, place.name)];
  return [
    frrZebra(options, place),
    ...others.map(({ name, program }) =>
      program(options, { ...place, name, after, folder: `${place.folder.replace(/[^/]*$/, '')}${name}` }),
    ),
  ];
}

/** Those of its addresses; all where packets of both pass a link without addresses. */
const familiesOf = (world: LabModel, netns: string, { bgp }: RouterData) =>
  IP_FAMILIES.filter(
    (family) =>
      bgp?.sessions.some(({ dev }) => dev !== null) ||
      ownAddresses(world, netns).some((one) => familyOf(one) === family),
  );

function toData(context: FeatureContext, netns: TopologyNetns, { bgp, ospf }: TopologyRouting): RouterData {
  const { world } = context;
  const named = (all: NonNullable<TopologyRouting['ospf']>['interfaces']): readonly string[] =>
    all.flatMap((one) => findDevice(world, netns.name, one)?.name ?? []);
  return {
    ...(netns.name === 'host' ? { links: madeLinks(world) } : {}),
    routerId: bgp?.routerId ?? ownAddresses(world, netns.name).find((one) => !one.includes(':')) ?? madeId(netns.name),
    bgp: bgp && {
      ...{ asn: bgp.asn, networks: bgp.networks, connected: bgp.connected },
      sessions: bgp.peers.flatMap((peer, nth) => sessionsWith(context, netns.name, { peer, nth })),
    },
    ospf: ospf && {
      area: ospf.area,
      interfaces: named(ospf.interfaces).map((dev) => ({ dev, families: linkFamilies(world, netns.name, dev) })),
      passive: named(ospf.passive),
    },
  };
}

/** The links of the machine that the lab makes. */
const madeLinks = ({ wiring }: LabModel): readonly string[] =>
  wiring.links.flatMap(({ netns, name, kind }) =>
    netns === 'host' && kind !== 'existing' && kind !== 'lo' ? [name] : [],
  );

/** An id for a router without an IPv4 address: made from its name, and never the address of a host. */
const madeId = (netns: string): string => {
  const bytes = Buffer.from(shortSha256(new TextEncoder().encode(netns)));
  return `0.${bytes[0]}.${bytes[1]}.${(bytes[2] ?? 0) || 1}`;
};

/** The families in which a link has addresses; OSPF of IPv6 speaks by link-local ones. */
const linkFamilies = (world: LabModel, netns: string, dev: string) =>
  IP_FAMILIES.filter((family) =>
    (world.addressesByNetns.get(netns) ?? []).some(
      ({ link, address }) => link.name === dev && familyOf(address) === family,
    ),
  );
