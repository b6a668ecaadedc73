import { u32Attribute } from '../../net/netlink-attributes.ts';
import { catchErrno } from '../errno.ts';
import { ifinfomsg } from './link.ts';
import { decodeLinkMessage, type RawLink } from './links/raw-link.ts';
import { dumpMessages, requestReply } from './socket.ts';

// linux/rtnetlink.h
export const RTM_GETLINK = 18;
const RTEXT_FILTER_SKIP_STATS = 8;
// linux/if_link.h
export const IFLA_EXT_MASK = 29;

/** All links of a socket's namespace. */
export const dumpLinks = (socket: number): readonly RawLink[] =>
  dumpMessages(socket, { ...GET_LINK, header: ifinfomsg() }, decodeLinkMessage);

const GET_LINK = {
  type: RTM_GETLINK,
  flags: 0,
  // Without the statistics a dump is a quarter shorter.
  attributes: [u32Attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)],
};

/** One link; null when there is none of that index. */
export const readLink = (socket: number, index: number): RawLink | null =>
  catchErrno(['ENODEV'], () => decodeLinkMessage(requestReply(socket, { ...GET_LINK, header: ifinfomsg({ index }) })));

/** The name of one link; null when there is none of that index. */
export const readLinkName = (socket: number, index: number): string | null => readLink(socket, index)?.name ?? null;

/** Names by index; `#7` for a link that was deleted meanwhile. */
export function linkNamer(links: readonly RawLink[]): (index: number) => string {
  const names = new Map(links.map(({ index, name }) => [index, name]));
  return (index) => names.get(index) ?? `#${index}`;
}
