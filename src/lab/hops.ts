import { problem } from '../model/diagnostic.ts';
import type { LabHop } from '../model/lab.ts';
import { atValue } from '../model/place.ts';
import type { Hop, Route } from '../model/topology.ts';
import { type Address, isLinkLocal, parseAddress } from '../net/address.ts';
import { contains } from '../net/prefix.ts';
import type { ConnectedSubnets } from './connected.ts';
import { type Device, deviceOf } from './devices.ts';
import { firstOfFamily, noSharedLan, sharedAddresses } from './names.ts';
import { listWords, refWords } from './words.ts';
import { FAMILIES, type Family, type World } from './world.ts';

/** A next hop of one family. `hop` null: it cannot be used, because its link is down or it has been reported. */
export type FoundHop = { readonly family: Family; readonly hop: LabHop | null };

export type Ground = { readonly world: World; readonly netns: string; readonly connected: ConnectedSubnets };

/** What a written next hop gives: an address one of its family, a name one of each `wanted` family that it has on a shared LAN. */
export function hopsOf(
  hop: Hop,
  route: Route,
  ground: Ground & { readonly wanted: Family | null },
): readonly FoundHop[] {
  const { world, netns, wanted } = ground;
  if ('address' in hop.to) {
    const address = parseAddress(hop.to.address);
    return address ? [{ family: address.family, hop: hopTo(address, hop.to.address, { ...ground, hop, route }) }] : [];
  }
  const ref = { value: hop.to.ref, at: hop.at };
  const all = sharedAddresses(world, netns, ref);
  if (!all) return [];
  const families = wanted === null ? FAMILIES : [wanted];
  const found = families.flatMap((family): FoundHop[] => {
    const one = firstOfFamily(all, family);
    return one ? [{ family, hop: hopTo(one.prefix, one.address, { ...ground, hop, route }) }] : [];
  });
  if (found.length === 0 && !world.wiring.broken.has(ref.value.name) && !world.wiring.broken.has(netns))
    world.report(noSharedLan(netns, ref, all, wanted ?? undefined));
  return found;
}

type Written = Ground & { readonly hop: Hop; readonly route: Route };

function hopTo(address: Address, text: string, written: Written): LabHop | null {
  const { world, netns, connected, hop, route } = written;
  const named = hop.dev ?? route.dev;
  const dev = named && deviceOf(world, netns, named);
  if (named && !dev) return null;
  const words = 'ref' in hop.to ? `${refWords(hop.to.ref)} (${text})` : text;
  if (connected.isOwn(netns, text)) {
    const hint = `write an address of a neighbour: ${netns} cannot be its own next hop`;
    world.report(problem('next-hop-is-self', atValue(hop.at), `next hop ${words} is ${netns} itself`, { hint }));
    return null;
  }
  const device = dev ?? throughSubnet(address, text, { ...written, words });
  if (!device || device.link?.up === false) return null;
  const off = dev && !route.onlink && !isOnLink(address, dev, written);
  if (off) {
    reportOffLink(written, `${words} is not in a subnet of ${netns} on ${dev.name}`);
    return null;
  }
  return { via: text, dev: device.name, weight: hop.weight, onlink: route.onlink };
}

function throughSubnet(address: Address, text: string, written: Written & { readonly words: string }): Device | null {
  const { world, netns, connected, hop, words } = written;
  if (address.family === 6 && isLinkLocal(text)) {
    const message = `next hop ${words} is link-local, and every link has that network`;
    world.report(problem('link-local-without-dev', atValue(hop.at), message, { hint: 'write `dev:` beside it' }));
    return null;
  }
  const found = connected.find(netns, address);
  if (!found && connected.complete(netns)) reportOffLink(written, `next hop ${words} is in no subnet of ${netns}`);
  return found?.device ?? null;
}

/** A link that the lab does not know all addresses of is taken at its word. */
function isOnLink(address: Address, dev: Device, { world }: Written): boolean {
  if (address.family === 6 && address.value >> 118n === 0x3fan) return true;
  if (!dev.link || dev.link.kind === 'existing') return true;
  return (world.placedOn.get(dev.link) ?? []).some(({ prefix }) => contains(prefix, address));
}

function reportOffLink({ world, netns, hop }: Written, message: string): void {
  if (world.wiring.broken.has(netns)) return;
  const subnets = (world.placedIn.get(netns) ?? []).filter(({ link }) => link.kind !== 'lo').map(({ text }) => text);
  const has = subnets.length > 0 ? `${netns} has ${listWords(subnets)}` : `${netns} has no address`;
  const hint = `${has}; write a next hop there, or \`onlink: true\` with \`dev:\``;
  world.report(problem('next-hop-off-link', atValue(hop.at), message, { hint }));
}
