import { NETFORM_GROUP } from '../../model/instruction.ts';
import type { AddressLive, LinkLive, NetnsLive } from '../../model/kernel/live-state.ts';
import type { MachineReadings } from '../../model/machine.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { Announcement } from './gratuitous-arp.ts';

/**
 * The addresses to announce after a run: those that managed links did not have, or not with that MAC, when the machine was
 * read before it. Empty when there was no managed link: then no neighbour has an old entry.
 */
export function movedAddresses({ before, after }: MachineReadings): readonly Announcement[] {
  if (before === null) return [];
  const attached = new Set(before.all('attachment').map(({ need: { netns, key } }) => placeOf(netns, key)));
  const hadLinks = before.all('namespace').some(({ answer: { links } }) => [...links.values()].some(isOwnLink));
  if (!hadLinks && attached.size === 0) return [];
  return after.all('namespace').flatMap(({ need: { netns }, answer: there }) => {
    const isManaged = (link: LinkLive): boolean => isOwnLink(link) || attached.has(`${netns}/${link.name}`);
    return movedAddressesIn(netns, { there, was: before.get({ need: 'namespace', netns }) }, isManaged);
  });
}

/** `red/eth0` of an attachment's key, `<uid>/eth0`. */
const placeOf = (netns: string, key: string): string => `${netns}/${key.slice(key.indexOf('/') + 1)}`;

function movedAddressesIn(
  netns: string,
  { there, was }: { readonly there: NetnsLive; readonly was: NetnsLive | null },
  isManaged: (link: LinkLive) => boolean,
): readonly Announcement[] {
  const known = new Set(was?.addresses.map((address) => addressKey(address, was.links.get(address.dev))));
  const addresses = new Map<LinkLive, string[]>();
  for (const address of there.addresses) {
    const link = there.links.get(address.dev);
    if (!link || !isManaged(link) || !link.up || !isConfigured(address) || known.has(addressKey(address, link)))
      continue;
    appendTo(addresses, link, addressWithoutPrefix(address));
  }
  return [...addresses].map(([{ name, mac }, some]) => ({ netns, dev: name, mac, addresses: some }));
}

const isOwnLink = ({ group }: LinkLive): boolean => group === NETFORM_GROUP;

// linux/if_addr.h: IFAPROT_KERNEL_LL, the last of those that the kernel gives by itself, with the link's MAC in them.
const IFAPROT_KERNEL_LL = 3;

const isConfigured = ({ tentative, dadFailed, protocol }: AddressLive): boolean =>
  !tentative && !dadFailed && (protocol === null || protocol > IFAPROT_KERNEL_LL);

const addressWithoutPrefix = ({ prefix }: AddressLive): string => prefix.slice(0, prefix.indexOf('/'));

/** A link of another index is another one, and so is what it is joined to. */
const addressKey = (address: AddressLive, link: LinkLive | undefined): string =>
  `${link?.name} ${link?.index} ${link?.mac} ${addressWithoutPrefix(address)}`;
