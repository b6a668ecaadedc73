import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyVxlan } from '../../model/topology.ts';
import { familyOf, isLinkLocalAddress, parseAddress } from '../../net/address.ts';
import { formatModelLink, formatRef, joinLimited } from '../messages.ts';
import type { LabModel, ModelLink } from '../model.ts';
import { noSharedLanProblem, resolveSharedAddresses } from '../naming/resolve-name.ts';
import type { ConnectedSubnetLookup } from '../routing/connected-subnets.ts';
import { type NamedDevice, resolveDevice } from '../wiring/resolve-device.ts';

/** What every vxlan sends to, and through which link of its namespace. */
export type VxlanTunnels = ReadonlyMap<ModelLink, VxlanTunnel>;

/** `dev` null: none is named to the kernel. */
export type VxlanTunnel = { readonly vxlan: TopologyVxlan; readonly remote: string; readonly dev: NamedDevice | null };

/** Resolves the remote and the device of every vxlan. What cannot be resolved is reported and left out. */
export function resolveVxlanTunnels(world: LabModel, connected: ConnectedSubnetLookup): VxlanTunnels {
  return new Map(
    world.wiring.links.flatMap((link): [ModelLink, VxlanTunnel][] => {
      const { vxlan } = link;
      const remote = vxlan && resolveRemote(world, link, vxlan);
      if (!vxlan || !remote) return [];
      const dev = resolveUnderlayDevice({ world, connected, link, vxlan, remote });
      if (dev === undefined || !checkTunnelEnds({ world, connected, link, vxlan, remote }, dev)) return [];
      return [[link, { vxlan, remote, dev }]];
    }),
  );
}

/** Of a name, the address on a LAN of both that is not the overlay itself. */
function resolveRemote(world: LabModel, link: ModelLink, { remote, local }: TopologyVxlan): string | null {
  const { value, at } = remote;
  if ('address' in value) return value.address;
  const ref = { value: value.ref, at };
  const all = resolveSharedAddresses(world, link.netns, ref);
  if (!all) return null;
  const overlay = world.segmentByLink.get(link) ?? (link.master && world.segmentByLink.get(link.master));
  const below = all.filter(({ segment }) => segment === null || segment !== overlay);
  const family = local && familyOf(local.value);
  const found = below.find(({ prefix }) => family === null || prefix.family === family);
  const { broken } = world.wiring;
  if (!found && !broken.has(link.netns) && !broken.has(value.ref.name)) {
    world.report(noSharedLanProblem(link.netns, ref, below, family ?? undefined));
  }
  return found?.address ?? null;
}

type VxlanTunnelContext = {
  readonly world: LabModel;
  readonly connected: ConnectedSubnetLookup;
  readonly link: ModelLink;
  readonly vxlan: TopologyVxlan;
  readonly remote: string;
};

/** Undefined, reported: no such link. */
function resolveUnderlayDevice({
  world,
  connected,
  link,
  vxlan,
  remote,
}: VxlanTunnelContext): NamedDevice | null | undefined {
  const { dev } = vxlan;
  if (dev?.value === 'none') return null;
  if (dev) {
    const device = resolveDevice(world, link.netns, dev);
    if (!device?.link || (device.link !== link && device.link !== link.master)) return device ?? undefined;
    const message = `${formatModelLink(link)} cannot send its own packets through ${device.name}`;
    world.report(makeDiagnostic('vxlan-ends', atValue(dev.at), message, { hint: 'name the interface below it' }));
    return undefined;
  }
  const address = parseAddress(remote);
  return (address && connected.find(link.netns, address)?.device) ?? null;
}

/** Warns about a remote that no interface of the lab has on a LAN that only the lab is on: probably a typing error. */
function warnUnknownRemote({ world, connected, link, vxlan, remote }: VxlanTunnelContext): void {
  const address = parseAddress(remote);
  const segment = address && connected.find(link.netns, address)?.placed?.segment;
  if (!segment || segment.links.some(({ kind }) => kind === 'existing')) return;
  const there = segment.links.flatMap((one) => world.addressesByLink.get(one) ?? []);
  if (there.some((one) => one.address === remote) || world.wiring.broken.size > 0) return;
  const others = there.filter((one) => one.link.netns !== link.netns && one.prefix.family === address.family);
  const message = `no interface on ${segment.label} has ${remote} (remote of ${formatModelLink(link)})`;
  const names = joinLimited(others.map((one) => `${one.address} (${formatModelLink(one.link)})`));
  const hint = others.length > 0 ? `write the one that is meant: ${names}` : null;
  world.report(makeDiagnostic('vxlan-ends', atValue(vxlan.remote.at), message, { severity: 'warning', hint }));
}

/** The remote is another's address and the local one is its own, both of one family. */
function checkTunnelEnds(
  { world, connected, link, vxlan, remote }: VxlanTunnelContext,
  dev: NamedDevice | null,
): boolean {
  const { netns } = link;
  const { local } = vxlan;
  const remoteAt = atValue(vxlan.remote.at);
  const written = 'ref' in vxlan.remote.value ? `${formatRef(vxlan.remote.value.ref)} (${remote})` : remote;
  if (connected.isOwn(netns, remote)) {
    const message = `the remote ${written} is ${netns} itself`;
    world.report(makeDiagnostic('vxlan-ends', remoteAt, message, { hint: 'write the address of the other end' }));
    return false;
  }
  if (isLinkLocalAddress(remote) && remote.includes(':') && dev === null) {
    const message = `the remote ${written} is link-local, and every link has that network`;
    world.report(makeDiagnostic('link-local-without-dev', remoteAt, message, { hint: 'write `dev:` beside it' }));
    return false;
  }
  if (local && familyOf(local.value) !== familyOf(remote)) {
    const message = `local ${local.value} and the remote ${written} are not of one family`;
    world.report(
      makeDiagnostic('vxlan-ends', atValue(local.at), message, { hint: 'write both as IPv4, or both as IPv6' }),
    );
    return false;
  }
  if (local && connected.complete(netns) && !connected.isOwn(netns, local.value) && !world.wiring.broken.has(netns)) {
    const own = (world.addressesByNetns.get(netns) ?? []).map(({ address }) => address);
    const hint = own.length > 0 ? `${netns} has ${joinLimited(own)}` : `${netns} has no address`;
    world.report(
      makeDiagnostic('vxlan-ends', atValue(local.at), `${local.value} is not an address of ${netns}`, { hint }),
    );
    return false;
  }
  warnUnknownRemote({ world, connected, link, vxlan, remote });
  return true;
}
