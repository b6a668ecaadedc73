import { catchErrno } from '../errno.ts';
import { inNetns } from '../netns/netns.ts';
import { decodeString, parseAttributes } from './attributes.ts';
import { dumpTableImage } from './nf-table-image.ts';
import { closeNetlinkSocket, dumpMessages, openNetlinkSocket } from './socket.ts';

// linux/netlink.h, linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h
const NETLINK_NETFILTER = 12;
const NFT_MSG_GETTABLE = (10 << 8) | 1;
const NFGENMSG_LENGTH = 4;
const NFTA_TABLE_NAME = 1;
/** NFPROTO_* (linux/netfilter.h) as nft calls them. */
const NFPROTO_NAMES = new Map([
  [1, 'inet'],
  [2, 'ip'],
  [3, 'arp'],
  [5, 'netdev'],
  [7, 'bridge'],
  [10, 'ip6'],
]);
/** The kernel has no nftables, or has not been asked for them yet and cannot load them. */
const NO_NFTABLES = ['EPROTONOSUPPORT', 'EINVAL', 'EOPNOTSUPP'];

/** What the kernel has of a table (`inet`) in the namespace of a descriptor, to be compared; null as `tableImage` has it. */
export const readTableImage = (netnsFd: number, table: string): string | null =>
  catchErrno(NO_NFTABLES, () => withNetfilterSocket(netnsFd, (socket) => dumpTableImage(socket, table)));

/** `inet filter`, `ip nat`: the nftables tables of the namespace of a descriptor. */
export const readTableNames = (netnsFd: number): readonly string[] =>
  catchErrno(NO_NFTABLES, () =>
    withNetfilterSocket(netnsFd, (socket) => dumpMessages(socket, GET_TABLES, decodeTableName)),
  ) ?? [];

const withNetfilterSocket = <T>(netnsFd: number, ask: (socket: number) => T): T =>
  inNetns(netnsFd, () => {
    const socket = openNetlinkSocket(NETLINK_NETFILTER);
    try {
      return ask(socket);
    } finally {
      closeNetlinkSocket(socket);
    }
  });

/** struct nfgenmsg: u8 family, u8 version, u16 resource; AF_UNSPEC stands for all. */
const GET_TABLES = { type: NFT_MSG_GETTABLE, flags: 0, header: Buffer.alloc(NFGENMSG_LENGTH), attributes: [] };

function decodeTableName(body: Buffer): string | null {
  const name = decodeString(parseAttributes(body, NFGENMSG_LENGTH).get(NFTA_TABLE_NAME));
  const family = NFPROTO_NAMES.get(body.readUInt8(0));
  return name === null || family === undefined ? null : `${family} ${name}`;
}
