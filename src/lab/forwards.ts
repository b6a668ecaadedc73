import { problem } from '../model/diagnostic.ts';
import type { LabForward, LabRoute } from '../model/lab.ts';
import { atValue, type Path } from '../model/place.ts';
import type { At, Netns, PortRange, Protocol, Ref } from '../model/topology.ts';
import { familyOf, parseAddress } from '../net/address.ts';
import { type Lookup, lookupOf } from '../net/lookup.ts';
import { formatPrefix, networkOf, prefixOf } from '../net/prefix.ts';
import type { ConnectedSubnets } from './connected.ts';
import { firstOfFamily, noSharedLan, sharedAddresses } from './names.ts';
import { type OwnerOf, ownersOf } from './owners.ts';
import { MAIN_TABLE } from './routes.ts';
import { refWords } from './words.ts';
import { FAMILIES, type Family, type Link, type Segment, type World } from './world.ts';

/** A forward, why it is there, and the lab's link that has the target address (null: not on a LAN of the forwarding namespace). */
export type FoundForward = {
  readonly forward: LabForward;
  readonly reason: 'portForwards' | 'publish';
  readonly target: Link | null;
};

type Ground = {
  readonly world: World;
  readonly connected: ConnectedSubnets;
  readonly routes: readonly LabRoute[];
};

/** Every port forward, one a family: `portForwards` of the host and of namespaces, and `publish`, which is the host's. */
export function forwardsOf(ground: Ground): readonly FoundForward[] {
  const { host, namespaces } = ground.world.topology;
  const wanted = [...written(host), ...namespaces.flatMap((netns) => [...written(netns), ...published(netns)])];
  const seen = { seenFrom: views(ground), ownerOf: ownersOf(ground.world) };
  return wanted.flatMap((want) => found(want, { ...ground, ...seen }));
}

type Wanted = {
  readonly netns: string;
  readonly address: string | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  readonly target: { readonly address: string } | { readonly ref: Ref };
  readonly targetPorts: PortRange;
  readonly reason: FoundForward['reason'];
  readonly at: Path;
};

const written = (netns: Netns): readonly Wanted[] =>
  netns.forwards.map(({ listen, to, at }) => ({
    netns: netns.name,
    ...listen,
    target: to.target,
    targetPorts: to.ports ?? listen.ports,
    reason: 'portForwards',
    at,
  }));

const published = (netns: Netns): readonly Wanted[] =>
  netns.publish.map(({ address, hostPorts, ports, protocols, at }) => ({
    netns: 'host',
    address,
    ports: hostPorts,
    protocols,
    target: { ref: { name: netns.name, part: null } },
    targetPorts: ports,
    reason: 'publish',
    at,
  }));

function found(
  want: Wanted,
  ground: Ground & { readonly seenFrom: SeenFrom; readonly ownerOf: OwnerOf },
): readonly FoundForward[] {
  const { report } = ground.world;
  const [from, to] = [sizeOf(want.ports), sizeOf(want.targetPorts)];
  if (from !== to) {
    const message = `${from} ports are forwarded to ${to}`;
    const hint = 'write two ranges of one size: they are mapped one to one';
    report(problem('port-range-mismatch', atValue(want.at), message, { hint }));
    return [];
  }
  return targetsOf(want, ground.world).map(({ address, label }) => {
    const { family, lan, dev, segment } = ground.seenFrom(want.netns, address);
    const target = { label, address, ports: want.targetPorts };
    const { netns, ports, protocols, reason, at } = want;
    return {
      forward: {
        netns,
        family,
        address: want.address,
        ports,
        protocols,
        target,
        lan,
        dev,
        at,
      },
      reason,
      target: segment ? (ground.ownerOf(segment, address)?.link ?? null) : null,
    };
  });
}

const sizeOf = ({ first, last }: PortRange): number => last - first + 1;

function targetsOf(want: Wanted, world: World): readonly { readonly address: string; readonly label: string }[] {
  const families: readonly Family[] = want.address === null ? FAMILIES : [familyOf(want.address)];
  if ('address' in want.target) {
    const { address } = want.target;
    if (families.includes(familyOf(address))) return [{ address, label: address }];
    const message = `${want.address} and ${address} are of two families`;
    const hint = 'listen on an address of the family of the target, or on none';
    world.report(problem('mixed-families', atValue(want.at), message, { hint }));
    return [];
  }
  const ref: At<Ref> = { value: want.target.ref, at: want.at };
  const all = sharedAddresses(world, want.netns, ref);
  if (!all) return [];
  const label = refWords(ref.value);
  const targets = families.flatMap((family) => firstOfFamily(all, family)?.address ?? []);
  const { broken } = world.wiring;
  if (targets.length === 0 && !broken.has(want.netns) && !broken.has(ref.value.name)) {
    const family = families.length === 1 ? families[0] : undefined;
    world.report(noSharedLan(want.netns, ref, all, family));
  }
  return targets.map((address) => ({ address, label }));
}

/** How a namespace reaches an address: on a LAN of its own, or by a route. */
type View = {
  readonly family: Family;
  readonly lan: string | null;
  readonly dev: string | null;
  readonly segment: Segment | null;
};
type SeenFrom = (netns: string, address: string) => View;

/** Thousands of forwards lead to a few addresses: each is looked for once. */
function views({ connected, routes }: Ground): SeenFrom {
  const routeIn = routeLookups(routes);
  const known = new Map<string, View>();
  return (netns, address) => {
    const key = `${netns} ${address}`;
    const view = known.get(key) ?? viewOf(netns, address);
    known.set(key, view);
    return view;
  };

  function viewOf(netns: string, address: string): View {
    const parsed = parseAddress(address);
    const near = parsed && connected.find(netns, parsed);
    const far = near || !parsed ? null : routeIn(netns)(parsed);
    return {
      family: familyOf(address),
      lan: near ? formatPrefix(networkOf(near.prefix)) : null,
      dev: near?.device.name ?? far?.hops[0]?.dev ?? null,
      segment: near?.placed?.segment ?? null,
    };
  }
}

type RouteLookups = (netns: string) => Lookup<LabRoute>;

function routeLookups(routes: readonly LabRoute[]): RouteLookups {
  const byNetns = new Map<string, LabRoute[]>();
  for (const route of routes) {
    if (route.table !== MAIN_TABLE || route.hops.length === 0) continue;
    const list = byNetns.get(route.netns) ?? [];
    list.push(route);
    byNetns.set(route.netns, list);
  }
  const lookups = new Map<string, Lookup<LabRoute>>();
  return (netns) => {
    const lookup = lookups.get(netns) ?? lookupOf(byNetns.get(netns) ?? [], ({ to }) => prefixOf(to));
    lookups.set(netns, lookup);
    return lookup;
  };
}
