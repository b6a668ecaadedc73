import { resolve } from 'node:path';
import type { LabModel } from '../../lab/model.ts';
import { addressesOnSharedLan, resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import { addressId, processId } from '../../model/ids.ts';
import { labRunFolder } from '../../model/kernel/lab-process.ts';
import type { LiveState, Query } from '../../model/kernel/need.ts';
import type { DnsData, DnsEngine } from '../../model/lab-parts/dns-data.ts';
import type { LabPortClaim, LabServedName } from '../../model/lab-parts/lab-registers.ts';
import type { Topology, TopologyNetns } from '../../model/topology.ts';
import { familyOf } from '../../net/address.ts';
import { isLoopback } from '../../net/loopback.ts';
import { coredns } from '../../programs/coredns.ts';
import { dnsmasq } from '../../programs/dnsmasq.ts';
import { unbound } from '../../programs/unbound.ts';
import { fullName, reverseNames, zoneOf, zonesWithNames } from './dns-names.ts';
import { type LabDnsServer, type TopologyDnsServer, writtenDnsServer } from './topology.ts';

/** The name of the process of a DNS server: the same for every program, so that one takes the place of another. */
export const DNS_PROCESS = 'dns-server';

const PROGRAMS = { dnsmasq, unbound, coredns } as const satisfies { readonly [engine in DnsEngine]: typeof dnsmasq };
const DNS_PORT = 53;

/** The files beside the topology that are configurations. */
export const dnsServerQuery = (topology: Topology): Query =>
  [topology.host, ...topology.namespaces].flatMap((netns) => {
    const source = configSource(topology, writtenDnsServer(netns));
    return source === null ? [] : [{ need: 'file', key: source.value } as const];
  });

function configSource({ at: { folder = '/' } }: Topology, written: TopologyDnsServer | null): LabDnsServer['source'] {
  const config = written?.config ?? null;
  return config !== null && 'from' in config ? { ...config.from, value: resolve(folder, config.from.value) } : null;
}

/** The DNS servers, each with its process, its files and its port. */
export function resolveDnsServers({ world, served, live }: FeatureContext): FeatureContribution {
  const { topology } = world;
  const servers = [topology.host, ...topology.namespaces].flatMap((netns) => {
    const written = writtenDnsServer(netns);
    return written === null ? [] : [resolveServer(world, netns, { written, names: served, live })];
  });
  if (servers.length === 0) return {};
  const runs = servers.map((one) => runOf(world, one));
  return {
    value: servers,
    processes: runs.map(({ process }) => process),
    storedFiles: runs.flatMap(({ storedFiles }) => storedFiles),
    ports: servers.flatMap(portClaims),
  };
}

type WrittenServer = {
  readonly written: TopologyDnsServer;
  readonly names: readonly LabServedName[];
  readonly live: LiveState;
};

function resolveServer(world: LabModel, netns: TopologyNetns, { written, names, live }: WrittenServer): LabDnsServer {
  const source = configSource(world.topology, written);
  const own = written.names ? names.filter((one) => one.netns === null || one.netns === netns.name) : [];
  const zones = zonesWithNames(written.zones, own);
  const loose = own
    .map((one) => ({ name: fullName(one), address: one.address }))
    .filter(({ name }) => zoneOf(name, zones) === null);
  const data: DnsData = {
    zones,
    names: loose,
    reverse: reverseNames(zones, own),
    forwards: resolveForwards(world, netns.name, written),
    listen: resolveListen(world, netns, written),
  };
  const given = givenText(written, source, live);
  return { netns: netns.name, engine: written.engine, data, given, source, written };
}

/** A file that cannot be read is refused by a check; without a machine none is read. */
function givenText({ config }: TopologyDnsServer, source: LabDnsServer['source'], live: LiveState): string | null {
  if (config === null) return null;
  if ('content' in config) return config.content.value;
  const bytes = source && live.get({ need: 'file', key: source.value });
  return Buffer.from(bytes ?? '', 'latin1').toString('utf8');
}

/** One entry for each zone, with all servers that are written for it. Names stand for addresses on shared LANs, else for all. */
function resolveForwards(world: LabModel, netns: string, { forwards }: TopologyDnsServer): DnsData['forwards'] {
  const servers = new Map<string | null, string[]>();
  const own = new Set((world.addressesByNetns.get(netns) ?? []).map(({ address }) => address));
  for (const { zone, to } of forwards) {
    const known = servers.get(zone) ?? [];
    servers.set(zone, known);
    for (const { value, at } of to) {
      for (const address of 'address' in value
        ? [value.address]
        : addressesOf(world, netns, { value: value.ref, at })) {
        if (own.has(address) || isLoopback(address)) {
          const hint = 'write the address of another server';
          world.report(makeDiagnostic('dns-server-words', atValue(at), `${netns} would ask itself`, { hint }));
          break;
        }
        if (!known.includes(address)) known.push(address);
      }
    }
  }
  return [...servers].map(([zone, some]) => ({ zone, servers: some })).filter((one) => one.servers.length > 0);
}

function addressesOf(
  world: LabModel,
  netns: string,
  ref: Parameters<typeof resolveNameAddresses>[1],
): readonly string[] {
  const all = resolveNameAddresses(world, ref) ?? [];
  const shared = addressesOnSharedLan(world, netns, all);
  return (shared.length > 0 ? shared : all).map(({ address }) => address);
}

/** The machine's own addresses are not the lab's: there it listens at those of the lab only. */
function resolveListen(world: LabModel, { name }: TopologyNetns, { listen, at }: TopologyDnsServer): DnsData['listen'] {
  const own = (world.addressesByNetns.get(name) ?? []).map(({ address }) => address);
  if (listen === null) {
    if (name !== 'host') return null;
    if (own.length > 0) return own;
    const hint = 'write the addresses at which it listens, or give a bridge of the host one';
    world.report(makeDiagnostic('dns-server-words', atKey(at), 'the host has no address of the lab', { hint }));
    return ['127.0.0.1'];
  }
  for (const { value, at: place } of listen) {
    if (own.includes(value) || isLoopback(value)) continue;
    const there = own.length === 0 ? 'it has no address' : `it has ${own.slice(0, 6).join(', ')}`;
    const said = `${name} does not have the address ${value}`;
    world.report(makeDiagnostic('dns-server-words', atValue(place), said, { hint: there }));
  }
  return listen.map(({ value }) => value);
}

/** It starts after the addresses of its namespace, and ends before them. */
function runOf(world: LabModel, { netns, engine, data, given, written }: LabDnsServer) {
  const lab = world.topology.name;
  const links = new Set((world.addressesByNetns.get(netns) ?? []).map(({ link }) => link.name));
  const place = {
    ...{ netns, name: DNS_PROCESS, at: written.at, folder: `${labRunFolder(lab, netns)}/dns` },
    after: [...links].map((dev) => addressId(netns, dev)),
  };
  return PROGRAMS[engine]({ lab, data, given }, place);
}

/** A server that listens everywhere claims the port in both families. */
function portClaims({ netns, data: { listen }, written: { at } }: LabDnsServer): readonly LabPortClaim[] {
  const places: readonly Pick<LabPortClaim, 'family' | 'address'>[] =
    listen === null
      ? ([4, 6] as const).map((family) => ({ family, address: null }))
      : listen.map((address) => ({ family: familyOf(address), address }));
  return places.map(({ family, address }) => ({
    ...{ netns, family, address, at, ports: { first: DNS_PORT, last: DNS_PORT }, protocols: ['tcp', 'udp'] },
    use: 'taken by its DNS server',
    process: processId(netns, DNS_PROCESS),
  }));
}
