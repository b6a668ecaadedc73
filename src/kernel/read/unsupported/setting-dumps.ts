import {
  addressFamilyNumber,
  decodeIpAddress,
  decodeMac,
  decodeString,
  decodeU32,
  familyOfAf,
  parseAttributes,
  parseNestedAttributes,
} from '../../../net/netlink-attributes.ts';
import {
  IFINFOMSG_LENGTH,
  IFLA_IFNAME,
  IFLA_INFO_DATA,
  IFLA_INFO_KIND,
  IFLA_INFO_SLAVE_DATA,
  IFLA_INFO_SLAVE_KIND,
  IFLA_LINKINFO,
} from '../../netlink/link.ts';
import { RTM_GETLINK } from '../../netlink/link-dump.ts';
import { AF_BRIDGE, NTF_EXT_LEARNED, NTF_SELF } from '../../netlink/neighbours/fdb.ts';
import {
  NDA_DST,
  NDA_LLADDR,
  NDMSG_LENGTH,
  NUD_NOARP,
  NUD_PERMANENT,
  RTM_GETNEIGH,
} from '../../netlink/neighbours/neighbour.ts';
import { TCA_KIND } from '../../netlink/qdisc.ts';
import { dumpMessages } from '../../netlink/socket.ts';
import { unsupportedBridgeSettings, unsupportedPortSettings } from './port-attributes.ts';

// linux/rtnetlink.h
const RTM_GETQDISC = 38;
// linux/if.h
const IFF_NOARP = 0x80;
const IFF_PROMISC = 0x100;
const IFF_ALLMULTI = 0x200;
// linux/if_link.h
const IFLA_TXQLEN = 13;
const USUAL_TXQLEN = 1000;
// linux/neighbour.h
const NTF_PROXY = 0x08;
const TCMSG_LENGTH = 20;

/** Something about a link that no topology has, by the link's index: `arp off`. */
export type RawUnsupportedSetting = { readonly index: number; readonly text: string };

/** What links, bridges and ports of a socket's namespace have set beside what a topology can say. */
export const dumpLinkSettings = (socket: number): readonly RawUnsupportedSetting[] =>
  dumpMessages(
    socket,
    { type: RTM_GETLINK, flags: 0, header: Buffer.alloc(IFINFOMSG_LENGTH), attributes: [] },
    decodeLinkSettings,
  ).flat();

function decodeLinkSettings(body: Buffer): readonly RawUnsupportedSetting[] {
  const flags = body.readUInt32LE(8);
  const link = parseAttributes(body, IFINFOMSG_LENGTH);
  if (decodeString(link.get(IFLA_IFNAME)) === 'lo') return [];
  const info = parseNestedAttributes(link.get(IFLA_LINKINFO));
  const kind = decodeString(info.get(IFLA_INFO_KIND));
  const isPort = decodeString(info.get(IFLA_INFO_SLAVE_KIND)) === 'bridge';
  const queue = decodeU32(link.get(IFLA_TXQLEN));
  const texts = [
    // A dummy never asks for addresses.
    ...(flags & IFF_NOARP && kind !== 'dummy' ? ['arp off'] : []),
    // A bridge sets it on its ports by itself.
    ...(flags & IFF_PROMISC && !isPort ? ['promisc on'] : []),
    ...(flags & IFF_ALLMULTI && !isPort ? ['allmulticast on'] : []),
    ...(queue === null || queue === USUAL_TXQLEN ? [] : [`txqueuelen ${queue}`]),
    ...(kind === 'bridge' ? unsupportedBridgeSettings(parseNestedAttributes(info.get(IFLA_INFO_DATA))) : []),
    ...(isPort ? unsupportedPortSettings(parseNestedAttributes(info.get(IFLA_INFO_SLAVE_DATA))) : []),
  ];
  return texts.map((text) => ({ index: body.readInt32LE(4), text }));
}

/** An entry of a forwarding database that was written rather than learnt, or announced by a program. */
export type RawFdbEntry = {
  readonly index: number;
  readonly mac: string;
  /** The other end of a tunnel. */
  readonly to: string | null;
  /** It is an entry of the device itself, not of the bridge that it is a port of. */
  readonly isOwn: boolean;
};

/** The entries of all forwarding databases of a socket's namespace that do not age. */
export const dumpStaticFdb = (socket: number): readonly RawFdbEntry[] =>
  dumpMessages(socket, neighbourRequest(AF_BRIDGE, 0), (body): RawFdbEntry | null => {
    const [state, flags] = [body.readUInt16LE(8), body.readUInt8(10)];
    if ((state & (NUD_NOARP | NUD_PERMANENT)) === 0 && (flags & NTF_EXT_LEARNED) === 0) return null;
    const entry = parseAttributes(body, NDMSG_LENGTH);
    const to = entry.get(NDA_DST);
    return {
      index: body.readInt32LE(4),
      mac: decodeMac(entry.get(NDA_LLADDR)),
      to: to ? decodeIpAddress(to) : null,
      isOwn: (flags & NTF_SELF) !== 0,
    };
  });

/** The addresses that a socket's namespace answers for (`ip neigh add proxy`). */
export const dumpProxyNeighbours = (socket: number): readonly RawUnsupportedSetting[] =>
  [addressFamilyNumber(4), addressFamilyNumber(6)].flatMap((family) =>
    dumpMessages(socket, neighbourRequest(family, NTF_PROXY), (body): RawUnsupportedSetting | null => {
      const to = parseAttributes(body, NDMSG_LENGTH).get(NDA_DST);
      if (!to || familyOfAf(body.readUInt8(0)) === null || (body.readUInt8(10) & NTF_PROXY) === 0) return null;
      return { index: body.readInt32LE(4), text: `proxy neighbour ${decodeIpAddress(to)}` };
    }),
  );

function neighbourRequest(family: number, flags: number) {
  const header = Buffer.alloc(NDMSG_LENGTH);
  header.writeUInt8(family, 0);
  header.writeUInt8(flags, 10);
  return { type: RTM_GETNEIGH, flags: 0, header, attributes: [] };
}

/** The queues of a socket's namespace that were put there: those of the kernel have no handle. */
export const dumpWrittenQueues = (socket: number): readonly RawUnsupportedSetting[] =>
  dumpMessages(
    socket,
    { type: RTM_GETQDISC, flags: 0, header: Buffer.alloc(TCMSG_LENGTH), attributes: [] },
    (body): RawUnsupportedSetting | null => {
      const kind = decodeString(parseAttributes(body, TCMSG_LENGTH).get(TCA_KIND));
      if (body.readUInt32LE(8) === 0 || kind === null) return null;
      return { index: body.readInt32LE(4), text: `qdisc ${kind}` };
    },
  );
