import { type Instruction, NETFORM_PROTOCOL, type RouteValue } from '../../../src/model/instruction.ts';
import { sameJson } from '../../../src/model/json.ts';
import { isLinkLocalAddress } from '../../../src/net/address.ts';
import { onLinkNetworkText, prefixAddressText, prefixContainsText } from '../../../src/net/prefix.ts';
import { sysctlOf } from './sysctls.ts';
import { type FakeNetns, type FakeRoute, linkOf, netnsOf, refuse, type World } from './world.ts';

type RouteInstruction = Extract<Instruction, { readonly route: RouteValue }>;

/** Adds an address; IPv6 only where the link and the namespace allow it. */
export function addAddress(world: World, wanted: Instruction & { do: 'address.add' }): void {
  const netns = netnsOf(world, wanted.netns);
  const link = linkOf(netns, wanted.dev);
  const { dev, prefix, peer, protocol } = wanted;
  const isTaken = netns.addresses.some(
    (one) =>
      one.dev === dev &&
      one.prefix === prefix &&
      (prefix.includes(':') || onLinkNetworkText(prefix, one.peer) === onLinkNetworkText(prefix, peer)),
  );
  if (isTaken) {
    throw refuse('EEXIST', 'Address already assigned');
  }
  if (prefix.includes(':') && link.mtu < 1280) throw refuse('EINVAL', 'mtu too small for IPv6');
  if (prefix.includes(':') && sysctlOf(netns, `net/ipv6/conf/${dev}/disable_ipv6`) === '1') {
    throw refuse('EACCES', 'IPv6 is disabled on this device');
  }
  netns.addresses.push({ dev, prefix, ...(peer === undefined ? {} : { peer }), protocol });
}

/** Gives an address that is there another protocol. */
export function markAddress(
  world: World,
  { netns: name, dev, prefix, peer, protocol }: Instruction & { do: 'address.mark' },
) {
  const netns = netnsOf(world, name);
  const isIt = (one: FakeNetns['addresses'][number]) => one.dev === dev && one.prefix === prefix && one.peer === peer;
  if (!netns.addresses.some(isIt)) throw refuse('ENOENT', 'Address not found');
  netns.addresses = netns.addresses.map((one) => (isIt(one) ? { ...one, protocol: protocol || null } : one));
}

/** Deletes an address, its secondaries unless they are promoted, and the routes that nothing covers any more. */
export function deleteAddress(
  world: World,
  { netns: name, dev, prefix, peer }: Instruction & { do: 'address.delete' },
): void {
  const netns = netnsOf(world, name);
  const { mtu } = linkOf(netns, dev);
  if (prefix.includes(':') && mtu < 1280) throw refuse('ENXIO', 'IPv6 is disabled on this device');
  const isIt = (one: FakeNetns['addresses'][number]) => one.dev === dev && one.prefix === prefix && one.peer === peer;
  if (!netns.addresses.some(isIt)) throw refuse('EADDRNOTAVAIL', 'Address not found');
  const network = onLinkNetworkText(prefix, peer);
  const same = netns.addresses.filter((a) => a.dev === dev && onLinkNetworkText(a.prefix, a.peer) === network);
  const isPrimary = !prefix.includes(':') && same[0]?.prefix === prefix;
  const promotes = ['all', dev].some((d) => sysctlOf(netns, `net/ipv4/conf/${d}/promote_secondaries`) === '1');
  netns.addresses = netns.addresses.filter((a) => !isIt(a) && !(isPrimary && !promotes && same.includes(a)));
  dropUnreachable(netns);
}

/** Adds a route, or with `route.replace` puts it in the place of the one with its key. */
export function putRoute(world: World, wanted: RouteInstruction): void {
  const netns = netnsOf(world, wanted.netns);
  const route = stored(wanted.route);
  checkRoute(netns, route);
  const taken = [...netns.routes, ...connectedRoutes(netns)].find((other) => keyOf(other) === keyOf(route));
  if (taken && wanted.do === 'route.add') throw refuse('EEXIST', `route ${keyOf(route)}`);
  netns.routes = [
    ...netns.routes.filter((other) => other !== taken),
    { ...route, protocol: route.protocol ?? NETFORM_PROTOCOL },
  ];
}

/** Deletes exactly the route of that description, of our protocol. */
export function deleteRoute(world: World, wanted: RouteInstruction): void {
  const netns = netnsOf(world, wanted.netns);
  const route = { ...stored(wanted.route), protocol: wanted.route.protocol ?? NETFORM_PROTOCOL };
  const found = netns.routes.find((other) => sameJson(fullKey(other), fullKey(route)));
  if (!found) throw refuse('ESRCH', `no route ${keyOf(route)} like that`);
  netns.routes = netns.routes.filter((other) => other !== found);
}

/** Routes through a link are gone; of several next hops, all. */
export function dropRoutesOf(netns: FakeNetns, dev: string): void {
  netns.routes = netns.routes.filter((route) => route.hops.every((hop) => hop.dev !== dev));
}

/** Routes whose next hop or source address no address covers any more are gone. */
export function dropUnreachable(netns: FakeNetns): void {
  netns.routes = netns.routes.filter((route) => route.protocol !== NETFORM_PROTOCOL || faultOf(netns, route) === null);
}

/** What the kernel adds by itself for each address on a link that is up. */
export function connectedRoutes(netns: FakeNetns): FakeRoute[] {
  const ups = netns.addresses.filter(
    ({ dev, prefix, peer }) => netns.links.get(dev)?.up && (peer !== undefined || !/\/(?:32|128)$/.test(prefix)),
  );
  const seen = new Set<string>();
  return ups.flatMap(({ dev, prefix, peer }): FakeRoute[] => {
    const v6 = prefix.includes(':');
    const to = onLinkNetworkText(prefix, peer);
    if (seen.has(`${dev} ${to}`)) return [];
    seen.add(`${dev} ${to}`);
    const hops = [{ via: null, dev, weight: 1, onlink: false }];
    const src = v6 ? null : prefixAddressText(prefix);
    return [{ to, type: 'unicast', hops, src, metric: v6 ? 256 : 0, table: 254, mtu: null, protocol: 2 }];
  });
}

/** The kernel's own metric of IPv6 routes is 1024. */
const stored = (route: RouteValue): RouteValue =>
  route.to.includes(':') && route.metric === 0 ? { ...route, metric: 1024 } : route;

const keyOf = ({ table, to, metric, tos = 0 }: RouteValue): string => [table, to, metric, tos].join(' ');

const fullKey = ({ to, type, hops, metric, table, protocol, tos = 0 }: FakeRoute) => ({
  ...{ to, type, metric, table, protocol, tos },
  hops: hops.map(({ via, dev, weight }) => ({ via, dev, weight })),
});

function checkRoute(netns: FakeNetns, route: RouteValue): void {
  for (const hop of route.hops) linkOf(netns, hop.dev);
  const isLeading = route.type === 'unicast' || route.type === 'local';
  if (isLeading !== route.hops.length > 0) throw refuse('EINVAL', 'hops');
  checkOptions(route);
  const fault = faultOf(netns, route);
  if (fault) throw refuse(fault.code, fault.message);
}

/** What one family does not have, and what the hops do not go with. */
function checkOptions({ to, type, hops, tos, realms, scope }: RouteValue): void {
  const isSeveral = hops.length > 1;
  const isByGateway = hops.some(({ via }) => via !== null);
  if (to.includes(':') && tos !== undefined) throw refuse('EINVAL', 'Invalid dsfield (tos)');
  if (to.includes(':') && isSeveral && !hops.every(({ via }) => via !== null)) throw refuse('EINVAL', 'Device only');
  if (to.includes(':') && hops.some(({ via }) => via?.includes('.'))) throw refuse('EINVAL', 'RTA_VIA');
  if (isSeveral && realms !== undefined) throw refuse('EINVAL', 'Nexthop class id does not match RTA_FLOW');
  if (type === 'local' && (isSeveral || isByGateway)) throw refuse('EINVAL', 'Route with host scope');
  if (isByGateway && (scope === 'link' || scope === 'host')) throw refuse('EINVAL', 'Nexthop has invalid gateway');
}

function faultOf(netns: FakeNetns, route: RouteValue): { readonly code: string; readonly message: string } | null {
  const { src } = route;
  if (src !== null && !netns.addresses.some((address) => prefixAddressText(address.prefix) === src)) {
    return { code: 'EINVAL', message: 'Invalid prefsrc address' };
  }
  for (const { via, dev, onlink } of route.hops) {
    if (!netns.links.get(dev)?.up) return { code: 'ENETDOWN', message: `${dev} is down` };
    if (via === null || onlink || isLinkLocalAddress(via)) continue;
    const covered = netns.addresses.some(
      (a) => a.dev === dev && prefixContainsText(onLinkNetworkText(a.prefix, a.peer), via),
    );
    const routed = netns.routes.some(
      (r) => r.hops.some((h) => h.via === null && h.dev === dev) && prefixContainsText(r.to, via),
    );
    if (!covered && !routed) return { code: 'ENETUNREACH', message: 'Nexthop has invalid gateway' };
  }
  return null;
}
