import { GROUP } from '../model/instruction.ts';
import type { AddressLive, LinkLive, Live, NetnsLive } from '../model/live.ts';
import type { Announcement } from '../model/machine.ts';

/**
 * What links of ours have to say after a run: the addresses that they did not have, or not with that MAC, when the machine
 * was read before it. Nothing when there was no link of ours: then nobody remembers where an address was.
 */
export function announcements(before: Live, after: Live): readonly Announcement[] {
  if (![...before.netns.values()].some(({ links }) => [...links.values()].some(isOurs))) return [];
  return [...after.netns].flatMap(([netns, there]) => announcementsIn(netns, there, before.netns.get(netns)));
}

function announcementsIn(netns: string, there: NetnsLive, was: NetnsLive | undefined): readonly Announcement[] {
  const known = new Set(was?.addresses.map((address) => keyOf(address, was.links.get(address.dev))));
  const addresses = new Map<LinkLive, string[]>();
  for (const address of there.addresses) {
    const link = there.links.get(address.dev);
    if (!link || !isOurs(link) || !link.up || !isGiven(address) || known.has(keyOf(address, link))) continue;
    const others = addresses.get(link);
    if (others) others.push(textOf(address));
    else addresses.set(link, [textOf(address)]);
  }
  return [...addresses].map(([{ name, mac }, some]) => ({ netns, dev: name, mac, addresses: some }));
}

const isOurs = ({ group }: LinkLive): boolean => group === GROUP;

// linux/if_addr.h: IFAPROT_KERNEL_LL, the last of those that the kernel gives by itself, with the link's MAC in them.
const LAST_OF_KERNEL = 3;

const isGiven = ({ tentative, dadFailed, protocol }: AddressLive): boolean =>
  !tentative && !dadFailed && (protocol === null || protocol > LAST_OF_KERNEL);

const textOf = ({ prefix }: AddressLive): string => prefix.slice(0, prefix.indexOf('/'));

/** A link of another index is another one, and so is what it is joined to. */
const keyOf = (address: AddressLive, link: LinkLive | undefined): string =>
  `${link?.name} ${link?.index} ${link?.mac} ${textOf(address)}`;
