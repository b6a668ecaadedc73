import type { LabNames } from '../model/lab.ts';
import type { At, Dns, Netns, Ref } from '../model/topology.ts';
import { type HostsLine, type Roll, rollOf } from './hosts.ts';
import { namedAddresses, onSharedLan } from './names.ts';
import type { Placed, World } from './world.ts';

/** The name files of every namespace that has any, and of the host when it asks for them. */
export function namesOf(world: World): readonly LabNames[] {
  const { topology } = world;
  const roll = rollOf(world);
  const lists = new Map<string, LabNames['hosts']>();
  const all = topology.namespaces.flatMap((netns) => namesIn(world, netns, { roll, lists }));
  return [...all, ...namesOfHost(world, roll)];
}

/** `lists` holds the hosts of namespaces that are on the same LANs, so that they are one array. */
type Ground = { readonly roll: Roll; readonly lists: Map<string, LabNames['hosts']> };

type Hosts = NonNullable<Dns['hosts']>;

function namesIn(world: World, netns: Netns, { roll, lists }: Ground): readonly LabNames[] {
  const lab = world.topology.dns;
  const own = netns.dns;
  const withNames = own?.names ?? lab.names ?? true;
  const written: Hosts = own?.hosts ?? lab.hosts ?? [];
  const key = `${withNames} ${own?.hosts ? netns.name : ''} ${roll.key(netns.name)}`;
  const hosts =
    lists.get(key) ?? joined(withNames ? roll.lines(netns.name) : [], writtenLines(world, netns.name, written));
  lists.set(key, hosts);
  const search = own?.search ?? lab.search ?? [];
  const nameservers = (own?.nameservers ?? lab.nameservers ?? []).flatMap((one) => addressesOf(world, netns.name, one));
  const options = own?.options ?? lab.options ?? [];
  const order = own?.order ?? lab.order ?? null;
  const nothing = [hosts, search, nameservers, options].every((list) => list.length === 0) && order === null;
  if (nothing && !withNames) return [];
  return [
    {
      netns: netns.name,
      hosts,
      search,
      nameservers: [...new Set(nameservers)],
      options,
      order,
      at: own?.at ?? netns.at,
    },
  ];
}

function namesOfHost(world: World, roll: Roll): readonly LabNames[] {
  const { host, dns } = world.topology;
  if (!host.dns || (host.dns.names !== true && host.dns.hosts === null)) return [];
  const written = host.dns.hosts ?? dns.hosts ?? [];
  const hosts = [...(host.dns.names === true ? roll.lines('host') : []), ...writtenLines(world, 'host', written)];
  return [{ netns: 'host', hosts, search: [], nameservers: [], options: [], order: null, at: host.dns.at }];
}

/** One of both itself when the other is empty: large labs share arrays. */
const joined = (left: readonly HostsLine[], right: readonly HostsLine[]): readonly HostsLine[] =>
  right.length === 0 ? left : left.concat(right);

const writtenLines = (world: World, netns: string, hosts: Hosts): readonly HostsLine[] =>
  hosts.flatMap(({ name, to }) =>
    [...new Set(to.flatMap((one) => addressesOf(world, netns, one)))].map((address) => ({ address, names: [name] })),
  );

/** An address is itself; a name is its addresses on the LANs that both share, else all of them. */
function addressesOf(
  world: World,
  netns: string,
  { value, at }: At<{ readonly address: string } | { readonly ref: Ref }>,
): readonly string[] {
  if ('address' in value) return [value.address];
  const all = namedAddresses(world, { value: value.ref, at }) ?? [];
  const shared = value.ref.name === netns ? [] : onSharedLan(world, netns, all);
  return (shared.length > 0 ? inOrder(all, shared) : all).map(({ address }) => address);
}

const inOrder = (all: readonly Placed[], some: readonly Placed[]): readonly Placed[] =>
  all.filter((one) => some.includes(one));
