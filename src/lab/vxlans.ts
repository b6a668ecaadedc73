import { problem } from '../model/diagnostic.ts';
import { atValue } from '../model/place.ts';
import type { Vxlan } from '../model/topology.ts';
import { familyOf, isLinkLocal, parseAddress } from '../net/address.ts';
import type { ConnectedSubnets } from './connected.ts';
import { type Device, deviceOf } from './devices.ts';
import { noSharedLan, sharedAddresses } from './names.ts';
import { linkWords, listWords, refWords } from './words.ts';
import type { Link, World } from './world.ts';

/** What every vxlan sends to, and through which link of its namespace. */
export type Tunnels = ReadonlyMap<Link, Tunnel>;

/** `dev` null: none is named to the kernel. */
export type Tunnel = { readonly vxlan: Vxlan; readonly remote: string; readonly dev: Device | null };

/** Resolves the remote and the device of every vxlan. What cannot be resolved is reported and left out. */
export function tunnelsOf(world: World, connected: ConnectedSubnets): Tunnels {
  return new Map(
    world.wiring.links.flatMap((link): [Link, Tunnel][] => {
      const { vxlan } = link;
      const remote = vxlan && remoteOf(world, link, vxlan);
      if (!vxlan || !remote) return [];
      const dev = deviceFor({ world, connected, link, vxlan, remote });
      if (dev === undefined || !endsAreSound({ world, connected, link, vxlan, remote }, dev)) return [];
      return [[link, { vxlan, remote, dev }]];
    }),
  );
}

/** Of a name, the address on a LAN of both that is not the overlay itself. */
function remoteOf(world: World, link: Link, { remote, local }: Vxlan): string | null {
  const { value, at } = remote;
  if ('address' in value) return value.address;
  const ref = { value: value.ref, at };
  const all = sharedAddresses(world, link.netns, ref);
  if (!all) return null;
  const overlay = world.segmentOf.get(link) ?? (link.master && world.segmentOf.get(link.master));
  const below = all.filter(({ segment }) => segment === null || segment !== overlay);
  const family = local && familyOf(local.value);
  const found = below.find(({ prefix }) => family === null || prefix.family === family);
  const { broken } = world.wiring;
  if (!found && !broken.has(link.netns) && !broken.has(value.ref.name)) {
    world.report(noSharedLan(link.netns, ref, below, family ?? undefined));
  }
  return found?.address ?? null;
}

type Ground = {
  readonly world: World;
  readonly connected: ConnectedSubnets;
  readonly link: Link;
  readonly vxlan: Vxlan;
  readonly remote: string;
};

/** Undefined, reported: no such link. */
function deviceFor({ world, connected, link, vxlan, remote }: Ground): Device | null | undefined {
  const { dev } = vxlan;
  if (dev?.value === 'none') return null;
  if (dev) {
    const device = deviceOf(world, link.netns, dev);
    if (!device?.link || (device.link !== link && device.link !== link.master)) return device ?? undefined;
    const message = `${linkWords(link)} cannot send its own packets through ${device.name}`;
    world.report(problem('vxlan-ends', atValue(dev.at), message, { hint: 'name the interface below it' }));
    return undefined;
  }
  const address = parseAddress(remote);
  return (address && connected.find(link.netns, address)?.device) ?? null;
}

/** On a LAN of the lab alone, an address that nobody of the lab has is a slip; but somebody may still come there. */
function warnOfNobody({ world, connected, link, vxlan, remote }: Ground): void {
  const address = parseAddress(remote);
  const segment = address && connected.find(link.netns, address)?.placed?.segment;
  if (!segment || segment.links.some(({ kind }) => kind === 'existing')) return;
  const there = segment.links.flatMap((one) => world.placedOn.get(one) ?? []);
  if (there.some((one) => one.address === remote) || world.wiring.broken.size > 0) return;
  const others = there.filter((one) => one.link.netns !== link.netns && one.prefix.family === address.family);
  const message = `nobody on ${segment.label} has ${remote}, the remote of ${linkWords(link)}`;
  const names = listWords(others.map((one) => `${one.address} (${linkWords(one.link)})`));
  const hint = others.length > 0 ? `write the one that is meant: ${names}` : null;
  world.report(problem('vxlan-ends', atValue(vxlan.remote.at), message, { severity: 'warning', hint }));
}

/** The remote is another's address and the local one is its own, both of one family. */
function endsAreSound({ world, connected, link, vxlan, remote }: Ground, dev: Device | null): boolean {
  const { netns } = link;
  const { local } = vxlan;
  const remoteAt = atValue(vxlan.remote.at);
  const written = 'ref' in vxlan.remote.value ? `${refWords(vxlan.remote.value.ref)} (${remote})` : remote;
  if (connected.isOwn(netns, remote)) {
    const message = `the remote ${written} is ${netns} itself`;
    world.report(problem('vxlan-ends', remoteAt, message, { hint: 'write the address of the other end' }));
    return false;
  }
  if (isLinkLocal(remote) && remote.includes(':') && dev === null) {
    const message = `the remote ${written} is link-local, and every link has that network`;
    world.report(problem('link-local-without-dev', remoteAt, message, { hint: 'write `dev:` beside it' }));
    return false;
  }
  if (local && familyOf(local.value) !== familyOf(remote)) {
    const message = `local ${local.value} and the remote ${written} are not of one family`;
    world.report(problem('vxlan-ends', atValue(local.at), message, { hint: 'write both as IPv4, or both as IPv6' }));
    return false;
  }
  if (local && connected.complete(netns) && !connected.isOwn(netns, local.value) && !world.wiring.broken.has(netns)) {
    const own = (world.placedIn.get(netns) ?? []).map(({ address }) => address);
    const hint = own.length > 0 ? `${netns} has ${listWords(own)}` : `${netns} has no address`;
    world.report(problem('vxlan-ends', atValue(local.at), `${local.value} is no address of ${netns}`, { hint }));
    return false;
  }
  warnOfNobody({ world, connected, link, vxlan, remote });
  return true;
}
