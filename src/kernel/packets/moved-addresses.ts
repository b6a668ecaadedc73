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
  const hadLinks = before.all('namespace').some(({ answer: { links } }) => [...links.values()].some(isOwnLink));
  if (!hadLinks) return [];
  return after.all('namespace').flatMap(({ need, answer }) => movedAddressesIn(need.netns, answer, before.get(need)));
}

function movedAddressesIn(netns: string, there: NetnsLive, was: NetnsLive | null): readonly Announcement[] {
  const known = new Set(was?.addresses.map((address) => addressKey(address, was.links.get(address.dev))));
  const addresses = new Map<LinkLive, string[]>();
  for (const address of there.addresses) {
    const link = there.links.get(address.dev);
    if (!link || !isOwnLink(link) || !link.up || !isConfigured(address) || known.has(addressKey(address, link)))
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
