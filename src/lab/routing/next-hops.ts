import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { LabHop } from '../../model/lab.ts';
import type { TopologyHop, TopologyRoute } from '../../model/topology.ts';
import { type IpAddress, isLinkLocalAddress, parseAddress } from '../../net/address.ts';
import { prefixContains } from '../../net/prefix.ts';
import { formatRef, joinLimited } from '../messages.ts';
import { type Family, IP_FAMILIES, type LabModel, onLinkPrefix } from '../model.ts';
import { neighbourNames, nextHopHint, ownerOfAddress } from '../naming/neighbours.ts';
import { firstAddressOfFamily, noSharedLanProblem, resolveSharedAddresses } from '../naming/resolve-name.ts';
import { type NamedDevice, resolveDevice } from '../wiring/resolve-device.ts';
import type { ConnectedSubnetLookup } from './connected-subnets.ts';
import type { DirectRouteLookup } from './direct-routes.ts';

/** A next hop of one family. `hop` null: it cannot be used, because its link is down or it has been reported. */
export type FamilyNextHop = { readonly family: Family; readonly hop: LabHop | null };

/** The namespace in which a next hop is resolved, with its lab, the subnets that it is connected to and its routes to links. */
export type NextHopContext = {
  readonly world: LabModel;
  readonly netns: string;
  readonly connected: ConnectedSubnetLookup;
  readonly direct: DirectRouteLookup;
};

/**
 * Resolves a written next hop: an address gives one hop, a name one for each `wanted` family that it has on a shared LAN, a
 * link alone none. `family` is that of the destination: where only IPv4 is wanted, an IPv6 address serves IPv4.
 */
export function resolveNextHops(
  hop: TopologyHop,
  route: TopologyRoute,
  ground: NextHopContext & { readonly wanted: Family | null },
): readonly FamilyNextHop[] {
  const { world, netns, wanted } = ground;
  const { to } = hop;
  if (to === null || 'selector' in to) return [];
  if ('address' in to) {
    const address = parseAddress(to.address);
    if (!address) return [];
    const family = wanted === 4 ? 4 : address.family;
    return [{ family, hop: resolveNextHop(address, to.address, { ...ground, hop, route }) }];
  }
  const ref = { value: to.ref, at: hop.at };
  const all = resolveSharedAddresses(world, netns, ref, 'next-hop');
  if (!all) return [];
  const families = wanted === null ? IP_FAMILIES : [wanted];
  const found = families.flatMap((family): FamilyNextHop[] => {
    const near = all.filter(({ prefix }) => ground.connected.find(netns, prefix, route.table) !== null);
    const one = firstAddressOfFamily(near, family) ?? firstAddressOfFamily(all, family);
    return one ? [{ family, hop: resolveNextHop(one.prefix, one.address, { ...ground, hop, route }) }] : [];
  });
  if (found.length === 0 && !world.wiring.broken.has(ref.value.name) && !world.wiring.broken.has(netns))
    world.report(noSharedLanProblem(world, { netns, ref, all, use: 'next-hop', family: wanted ?? undefined }));
  return found;
}

type NextHopRequest = NextHopContext & { readonly hop: TopologyHop; readonly route: TopologyRoute };

function resolveNextHop(address: IpAddress, text: string, written: NextHopRequest): LabHop | null {
  const { world, netns, connected, hop, route } = written;
  const named = hop.dev ?? route.dev;
  const dev = named && resolveDevice(world, netns, named);
  if (named && !dev) return null;
  const words = hop.to && 'ref' in hop.to ? `${formatRef(hop.to.ref)} (${text})` : text;
  if (connected.isOwn(netns, text)) {
    const hint = `write an address of a neighbour: ${netns} cannot be its own next hop`;
    world.report(makeDiagnostic('next-hop-is-self', atValue(hop.at), `next hop ${words} is ${netns} itself`, { hint }));
    return null;
  }
  const device = dev ?? findHopDevice(address, text, { ...written, words });
  if (!device || device.link?.up === false) return null;
  const off = dev && !route.onlink && !isOnLink(address, dev, written);
  if (off) {
    reportOffLink(written, `${words} is not in a subnet of ${netns} on ${dev.name}`);
    return null;
  }
  return { via: text, dev: device.name, weight: hop.weight, onlink: route.onlink };
}

function findHopDevice(
  address: IpAddress,
  text: string,
  written: NextHopRequest & { readonly words: string },
): NamedDevice | null {
  const { world, netns, connected, direct, hop, route, words } = written;
  if (address.family === 6 && isLinkLocalAddress(text)) {
    const message = `next hop ${words} is link-local, and every link has that network`;
    world.report(
      makeDiagnostic('link-local-without-dev', atValue(hop.at), message, { hint: 'write `dev:` beside it' }),
    );
    return null;
  }
  const subnet = connected.find(netns, address, route.table);
  const way = direct.find(address, route.table);
  const found = way && way.prefix.length > (subnet?.prefix.length ?? -1) ? way : subnet;
  if (!found && connected.complete(netns)) reportOffLink(written, `next hop ${words} is in no subnet of ${netns}`);
  return found?.device ?? null;
}

/** A link that the lab does not know all addresses of is taken at its word. */
function isOnLink(address: IpAddress, dev: NamedDevice, { world, direct, route }: NextHopRequest): boolean {
  if (address.family === 6 && address.value >> 118n === 0x3fan) return true;
  if (!dev.link || dev.link.kind === 'existing') return true;
  const own = world.addressesByLink.get(dev.link) ?? [];
  const isInSubnet = own.some((one) => prefixContains(onLinkPrefix(one), address));
  return isInSubnet || direct.find(address, route.table)?.device.name === dev.name;
}

function reportOffLink({ world, netns, hop }: NextHopRequest, message: string): void {
  if (world.wiring.broken.has(netns)) return;
  const subnets = (world.addressesByNetns.get(netns) ?? [])
    .filter(({ link }) => link.kind !== 'lo')
    .map(({ text }) => text);
  const { to } = hop;
  const target = to === null || 'selector' in to ? null : 'ref' in to ? to.ref.name : ownerOfAddress(world, to.address);
  const has = subnets.length > 0 ? `${netns} has ${joinLimited(subnets)}` : `${netns} has no address`;
  const near = neighbourNames(world, netns).length > 0;
  const remedy = near ? nextHopHint(world, netns, target) : 'write a next hop there';
  const hint = `${has}; ${remedy}, or \`onlink: true\` with \`dev:\``;
  world.report(makeDiagnostic('next-hop-off-link', atValue(hop.at), message, { hint }));
}

/** The entry of `next-hop-off-link` in docs/checks.md. */
export const nextHopOffLinkDoc: CheckDoc = {
  name: 'next-hop-off-link',
  code: 'NF2201',
  title: 'Next hop is not on a link',
  explain:
    'The next hop of a route lies in no subnet of the namespace, and no route straight to a link leads to it. The kernel rejects such a route, unless it says `onlink: true`.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: 10.1.0.1 }] }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: 10.0.0.1 }] }
`,
};

/** The entry of `link-local-without-dev` in docs/checks.md. */
export const linkLocalWithoutDevDoc: CheckDoc = {
  name: 'link-local-without-dev',
  code: 'NF2202',
  title: 'Link-local next hop without a link',
  explain: 'Every link has the same link-local subnet, so a next hop in it needs `dev`.',
  bad: `
bridges: { lan: "fd00:1::/64" }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: "fd00:9::/64", via: "fe80::1" }] }
`,
  good: `
bridges: { lan: "fd00:1::/64" }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: "fd00:9::/64", via: "fe80::1", dev: eth0 }] }
`,
};

/** The entry of `next-hop-is-self` in docs/checks.md. */
export const nextHopIsSelfDoc: CheckDoc = {
  name: 'next-hop-is-self',
  code: 'NF2203',
  title: 'Next hop is the namespace itself',
  explain: 'The next hop of a route is an address of the namespace that the route is in.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.0.0.5 } }
    routes: [{ to: 10.9.0.0/16, via: 10.0.0.5 }]
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.0.0.5 } }
    routes: [{ to: 10.9.0.0/16, via: 10.0.0.1 }]
`,
};
