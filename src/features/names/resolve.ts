import type { AssignedAddress, LabModel } from '../../lab/model.ts';
import { nameElsewhere } from '../../lab/naming/project-names.ts';
import { addressesOnSharedLan, resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import { expandSelectors } from '../../lab/selectors/expand.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import type { LabName, LabServedName } from '../../model/lab-parts/lab-registers.ts';
import { DEFAULT_PROJECT } from '../../model/lab-parts/selector.ts';
import type { TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { isLinkLocalAddress } from '../../net/address.ts';
import { isLoopback } from '../../net/loopback.ts';
import { clusterNames, clusterSearch, domainOf, hasServices } from './cluster-names.ts';
import { buildHostsDirectory, type HostsDirectory, type LabHostsLine } from './hosts-directory.ts';
import type { LabHostsFiles } from './name-files.ts';
import { labDns, netnsDns, type TopologyDns } from './topology.ts';

/** The name files of every namespace that has any, and of the host when it asks for them. */
export function resolveNameFiles(
  world: LabModel,
  names: readonly LabName[],
  machine: string | null,
): readonly LabHostsFiles[] {
  const { topology } = world;
  const roll = withNames(buildHostsDirectory(world), names);
  const lists = new Map<string, LabHostsFiles['hosts']>();
  const all = topology.namespaces.flatMap((netns) =>
    namespaceNameFiles(world, netns, { roll, lists, named: names, machine }),
  );
  return [...all, ...hostNameFiles(world, roll)];
}

/** The directory with further names, which all namespaces see alike. */
function withNames(directory: HostsDirectory, names: readonly LabName[]): HostsDirectory {
  const more = names.flatMap(({ name, addresses }) => addresses.map((address) => ({ address, names: [name] })));
  return more.length === 0 ? directory : { ...directory, lines: (netns) => [...directory.lines(netns), ...more] };
}

/** As many dots as a name of a cluster has: shorter ones are tried in the domain first. */
const DOMAIN_NDOTS = 'ndots:5';

/** `lists` holds the hosts of namespaces that are on the same LANs, so that they are one array. */
type NameFileContext = {
  readonly roll: HostsDirectory;
  readonly lists: Map<string, LabHostsFiles['hosts']>;
  readonly named: readonly LabName[];
  readonly machine: string | null;
};

type HostsOption = NonNullable<TopologyDns['hosts']>;

function namespaceNameFiles(
  world: LabModel,
  netns: TopologyNetns,
  { roll, lists, named, machine }: NameFileContext,
): readonly LabHostsFiles[] {
  const lab = labDns(world.topology);
  const own = netnsDns(netns);
  const withNames = own?.names ?? lab.names ?? true;
  const written: HostsOption = own?.hosts ?? lab.hosts ?? [];
  const key = `${withNames} ${own?.hosts ? netns.name : ''} ${roll.key(netns.name)}`;
  const hosts =
    lists.get(key) ??
    concatLines(withNames ? roll.lines(netns.name) : [], explicitHostsLines(world, netns.name, written));
  lists.set(key, hosts);
  const nameservers = expandSelectors(world, own?.nameservers ?? lab.nameservers ?? []).flatMap((one) =>
    resolveAddresses(world, netns.name, one),
  );
  // Without a server that knows it a domain that is not written would lead nowhere.
  const ofLab = nameservers.length > 0 ? domainOf(lab.domain, named) : lab.domain;
  const domain = own?.domain ?? ofLab ?? null;
  const isCluster = own?.domain == null && hasServices(named) && nameservers.length > 0;
  const looked = domain === null ? [] : isCluster ? clusterSearch(projectOf(netns), domain) : [domain];
  const search = own?.search ?? lab.search ?? looked;
  const options = own?.options ?? lab.options ?? (domain === null ? [] : [DOMAIN_NDOTS]);
  const order = own?.order ?? lab.order ?? null;
  const nothing = [hosts, search, nameservers, options].every((list) => list.length === 0) && order === null;
  if (nothing && !withNames) return [];
  return [
    {
      netns: netns.name,
      hosts,
      machine,
      search,
      nameservers: [...new Set(nameservers)],
      options,
      order,
      at: own?.at ?? netns.at,
    },
  ];
}

function hostNameFiles(world: LabModel, roll: HostsDirectory): readonly LabHostsFiles[] {
  const dns = netnsDns(world.topology.host);
  if (!dns || (dns.names !== true && dns.hosts === null)) return [];
  const written = dns.hosts ?? labDns(world.topology).hosts ?? [];
  const hosts = [...(dns.names === true ? roll.lines('host') : []), ...explicitHostsLines(world, 'host', written)];
  return [{ netns: 'host', hosts, machine: null, search: [], nameservers: [], options: [], order: null, at: dns.at }];
}

/** Every name of the lab, for its name servers: namespaces and the host with all their addresses, what features have named, and `dns.hosts`. */
export function servedNames(world: LabModel, named: readonly LabName[]): readonly LabServedName[] {
  const { topology, addressesByNetns } = world;
  const { domain: written, hosts } = labDns(topology);
  const domain = domainOf(written, named);
  const isCluster = hasServices(named);
  const places = [...topology.namespaces, topology.host];
  const own = places.flatMap((netns) =>
    (addressesByNetns.get(netns.name) ?? [])
      .filter(({ address }) => !isLinkLocalAddress(address) && !isLoopback(address))
      .map(({ address }) => ({
        name: isCluster ? nameOutside(netns) : netns.name,
        domain,
        address,
        netns: null,
        at: netns.at,
      })),
  );
  const explicit = (netns: string | null, list: HostsOption | null | undefined): readonly LabServedName[] =>
    (list ?? []).flatMap(({ name, to, at }) =>
      [...new Set(expandSelectors(world, to).flatMap((one) => resolveAddresses(world, netns ?? '', one)))].map(
        (address) => ({
          ...{ name, domain: name.includes('.') ? null : domain, address, netns, at },
        }),
      ),
    );
  return [
    ...own,
    ...(isCluster && domain !== null ? clusterNames(world, named, domain) : []),
    ...named.flatMap((one) => plainNames(one, domain)),
    ...explicit(null, hosts),
    ...places.flatMap((one) => explicit(one.name, netnsDns(one)?.hosts)),
  ];
}

/** A name of the default project as it is, that of another one as other projects call it: `db.apps`. */
function nameOutside(netns: TopologyNetns): string {
  const project = projectOf(netns);
  return project === DEFAULT_PROJECT || netns.name === 'host' ? netns.name : nameElsewhere(netns.name, project);
}

/** The name of a feature's; that of a service of another project than the default one is known by its project only. */
function plainNames({ name, addresses, service, at }: LabName, domain: string | null): readonly LabServedName[] {
  const isElsewhere = service !== undefined && service.project !== DEFAULT_PROJECT;
  const known = isElsewhere ? nameElsewhere(name, service.project) : name;
  const inDomain = service !== undefined || !name.includes('.') ? domain : null;
  return addresses.map((address) => ({ name: known, domain: inDomain, address, netns: null, at }));
}

/** One of both itself when the other is empty: large labs share arrays. */
const concatLines = (left: readonly LabHostsLine[], right: readonly LabHostsLine[]): readonly LabHostsLine[] =>
  right.length === 0 ? left : left.concat(right);

const explicitHostsLines = (world: LabModel, netns: string, hosts: HostsOption): readonly LabHostsLine[] =>
  hosts.flatMap(({ name, to }) =>
    [...new Set(expandSelectors(world, to).flatMap((one) => resolveAddresses(world, netns, one)))].map((address) => ({
      address,
      names: [name],
    })),
  );

/** An address is itself; a name is its addresses on the LANs that both share, else all of them. */
function resolveAddresses(
  world: LabModel,
  netns: string,
  { value, at }: TopologyValue<{ readonly address: string } | { readonly ref: TopologyRef }>,
): readonly string[] {
  if ('address' in value) return [value.address];
  const all = resolveNameAddresses(world, { value: value.ref, at }) ?? [];
  const shared = value.ref.name === netns ? [] : addressesOnSharedLan(world, netns, all);
  return (shared.length > 0 ? inOriginalOrder(all, shared) : all).map(({ address }) => address);
}

const inOriginalOrder = (
  all: readonly AssignedAddress[],
  some: readonly AssignedAddress[],
): readonly AssignedAddress[] => all.filter((one) => some.includes(one));
