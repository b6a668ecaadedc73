import {
  bytesAttribute,
  decodeU8,
  familyOfAf,
  type NetlinkAttributes,
  nestedBytesAttribute,
  parseAttributes,
  parseNestedAttributes,
} from '../../net/netlink-attributes.ts';
import { type NetlinkMessage, NFGENMSG_LENGTH } from './message.ts';
import { dumpMessages, requestReply } from './socket.ts';

// linux/netlink.h, linux/netfilter/nfnetlink.h, linux/netfilter/nfnetlink_conntrack.h
const NFNL_SUBSYS_CTNETLINK = 1;
const IPCTNL_MSG_CT_GET = 1;
const IPCTNL_MSG_CT_DELETE = 2;
const IPCTNL_MSG_CT_GET_STATS = 5;
const CTA_STATS_GLOBAL_ENTRIES = 1;
const CTA_TUPLE_ORIG = 1;
const CTA_TUPLE_REPLY = 2;
const CTA_STATUS = 3;
const CTA_ID = 12;
const CTA_ZONE = 18;
const CTA_TUPLE_IP = 1;
const CTA_TUPLE_PROTO = 2;
const CTA_IP_V4_SRC = 1;
const CTA_IP_V4_DST = 2;
const CTA_IP_V6_SRC = 3;
const CTA_IP_V6_DST = 4;
const CTA_PROTO_NUM = 1;
const CTA_PROTO_SRC_PORT = 2;
const CTA_PROTO_DST_PORT = 3;
// linux/netfilter/nf_conntrack_common.h
const IPS_SRC_NAT = 1 << 4;
const IPS_DST_NAT = 1 << 5;

/** One direction of a tracked connection; the ports of ICMP are 0. */
export type ConntrackTuple = {
  readonly protocol: number;
  readonly source: Buffer;
  readonly destination: Buffer;
  readonly sourcePort: number;
  readonly destinationPort: number;
};

/** A tracked connection, each part read when it is asked for; valid until the socket's next answer. */
export type ConntrackEntry = {
  readonly family: 4 | 6;
  readonly original: () => ConntrackTuple | null;
  readonly reply: () => ConntrackTuple | null;
  readonly isSourceTranslated: () => boolean;
  readonly isDestinationTranslated: () => boolean;
};

/** The messages that delete the connections that `isMeant` selects; the socket is one of NETLINK_NETFILTER. */
export const conntrackDeletions = (
  socket: number,
  isMeant: (connection: ConntrackEntry) => boolean,
): readonly NetlinkMessage[] =>
  countEntries(socket) === 0
    ? []
    : dumpMessages(socket, { ...ctnetlinkMessage(IPCTNL_MSG_CT_GET, 0), attributes: [] }, (body) => {
        const family = familyOfAf(body.readUInt8(0));
        if (family === null) return null;
        const all = parseAttributes(body, NFGENMSG_LENGTH);
        return isMeant(decodeEntry(family, all)) ? deletionMessage(body.readUInt8(0), all) : null;
      });

/** How many connections its namespace has: to list them, the kernel goes through the places of those of all namespaces. */
const countEntries = (socket: number): number | null =>
  parseAttributes(
    requestReply(socket, { ...ctnetlinkMessage(IPCTNL_MSG_CT_GET_STATS, 0), attributes: [] }),
    NFGENMSG_LENGTH,
  )
    .get(CTA_STATS_GLOBAL_ENTRIES)
    ?.readUInt32BE() ?? null;

/** By its tuple, its zone and its number: another connection that has taken the tuple since is not meant. */
const deletionMessage = (af: number, all: NetlinkAttributes): NetlinkMessage => ({
  ...ctnetlinkMessage(IPCTNL_MSG_CT_DELETE, af),
  attributes: [
    nestedBytesAttribute(CTA_TUPLE_ORIG, Buffer.from(all.get(CTA_TUPLE_ORIG) ?? [])),
    ...[CTA_ID, CTA_ZONE].flatMap((type) => {
      const payload = all.get(type);
      return payload ? [bytesAttribute(type, payload)] : [];
    }),
  ],
});

function decodeEntry(family: 4 | 6, all: NetlinkAttributes): ConntrackEntry {
  const hasStatus = (flag: number): boolean => ((all.get(CTA_STATUS)?.readUInt32BE() ?? 0) & flag) !== 0;
  return {
    family,
    original: () => decodeTuple(family, all.get(CTA_TUPLE_ORIG)),
    reply: () => decodeTuple(family, all.get(CTA_TUPLE_REPLY)),
    isSourceTranslated: () => hasStatus(IPS_SRC_NAT),
    isDestinationTranslated: () => hasStatus(IPS_DST_NAT),
  };
}

function decodeTuple(family: 4 | 6, payload: Buffer | undefined): ConntrackTuple | null {
  const tuple = parseNestedAttributes(payload);
  const ip = parseNestedAttributes(tuple.get(CTA_TUPLE_IP));
  const protocol = parseNestedAttributes(tuple.get(CTA_TUPLE_PROTO));
  const source = ip.get(family === 4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC);
  const destination = ip.get(family === 4 ? CTA_IP_V4_DST : CTA_IP_V6_DST);
  if (!source || !destination) return null;
  const portOf = (type: number): number => protocol.get(type)?.readUInt16BE() ?? 0;
  return {
    protocol: decodeU8(protocol.get(CTA_PROTO_NUM)) ?? 0,
    source,
    destination,
    sourcePort: portOf(CTA_PROTO_SRC_PORT),
    destinationPort: portOf(CTA_PROTO_DST_PORT),
  };
}

/** struct nfgenmsg: u8 family, u8 version, u16 resource. */
const ctnetlinkMessage = (type: number, af: number): Omit<NetlinkMessage, 'attributes'> => ({
  type: (NFNL_SUBSYS_CTNETLINK << 8) | type,
  flags: 0,
  header: Buffer.from([af, 0, 0, 0]),
});
