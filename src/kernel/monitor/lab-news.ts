import { RTPROT_KERNEL } from '../../model/kernel/rtnetlink.ts';
import { decodeString, decodeU32, parseAttributes } from '../../net/netlink-attributes.ts';
import { closeFd } from '../libc.ts';
import { RTM_NEWADDR } from '../netlink/address.ts';
import { IFLA_IFNAME, RTM_NEWLINK } from '../netlink/link.ts';
import { dumpLinks } from '../netlink/link-dump.ts';
import { isAboutLink } from '../netlink/links/raw-link.ts';
import { RTM_NEWROUTE, RTMSG_LENGTH } from '../netlink/route.ts';
import { RTA_OIF } from '../netlink/route-attributes.ts';
import { openDriftListener, openNetlinkSocket } from '../netlink/socket.ts';
import { hostNetnsFd, inNetns } from '../netns/netns.ts';
import { type HeardMessage, type NetnsEars, openNetnsEars } from './netns-ears.ts';

/** Where labs are: their namespaces (`host` where they have something there), and the names of their links in the host. */
export type LabPlaces = { readonly namespaces: readonly string[]; readonly hostLinks: readonly string[] };

// linux/rtnetlink.h
const IFINFO_LENGTH = 16;
/** The name of the table is the first attribute of every message about one (linux/netfilter/nf_tables.h). */
const NFTA_TABLE = 1;
const NFGEN_LENGTH = 4;
const OWN_TABLES = 'netform';

/**
 * Ears for what may be drift of labs. In their namespaces everything that is announced is; of the host, which has its own
 * life, what is about a link of theirs, routes that the kernel did not make by itself, rules, and tables of netform.
 */
export function openLabEars({ namespaces, hostLinks }: LabPlaces): NetnsEars {
  const names = new Set(hostLinks);
  const indexes = new Set<number>();
  const ears = openNetnsEars({
    openListener: openDriftListener,
    counts: (heard) => !isPortNews(heard) && (heard.netns !== 'host' || isHostNews(heard, { names, indexes })),
  });
  ears.add(namespaces);
  // It listens before it looks.
  if (namespaces.includes('host')) for (const index of hostIndexes(names)) indexes.add(index);
  return ears;
}

/** What a bridge says of its ports again and again. */
const isPortNews = ({ isRuleset, message: { type, body } }: HeardMessage): boolean =>
  !isRuleset && (type & ~3) === RTM_NEWLINK && !isAboutLink(body);

/** The links of labs in the host: those that come are added. */
export type HostLinkSet = { readonly names: ReadonlySet<string>; readonly indexes: Set<number> };

/** Whether a message that was heard in the host may be about a lab. */
export function isHostNews({ isRuleset, message: { type, body } }: HeardMessage, links: HostLinkSet): boolean {
  if (isRuleset) {
    const table = decodeString(parseAttributes(body, NFGEN_LENGTH).get(NFTA_TABLE));
    return table?.startsWith(OWN_TABLES) ?? false;
  }
  switch (type & ~3) {
    case RTM_NEWLINK:
      return isOwnLink(body, links);
    case RTM_NEWADDR:
      return links.indexes.has(body.readInt32LE(4));
    case RTM_NEWROUTE: {
      const link = decodeU32(parseAttributes(body, RTMSG_LENGTH).get(RTA_OIF));
      return body.readUInt8(5) !== RTPROT_KERNEL || (link !== null && links.indexes.has(link));
    }
    default:
      return true;
  }
}

function isOwnLink(body: Buffer, { names, indexes }: HostLinkSet): boolean {
  const index = body.readInt32LE(4);
  const name = decodeString(parseAttributes(body, IFINFO_LENGTH).get(IFLA_IFNAME));
  if (name !== null && names.has(name)) indexes.add(index);
  return indexes.has(index);
}

function hostIndexes(names: ReadonlySet<string>): readonly number[] {
  const socket = inNetns(hostNetnsFd(), () => openNetlinkSocket());
  try {
    return dumpLinks(socket)
      .filter(({ name }) => names.has(name))
      .map(({ index }) => index);
  } finally {
    closeFd(socket);
  }
}
