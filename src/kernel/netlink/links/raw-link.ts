import type { Spec } from '../../../model/json.ts';
import type { UnknownAttribute } from '../../../model/kernel/unknown-attribute.ts';
import { decodePortSettings } from '../../../net/bridge-port.ts';
import {
  decodeI32,
  decodeMac,
  decodeString,
  decodeU8,
  decodeU32,
  parseAttributes,
  parseNestedAttributes,
} from '../../../net/netlink-attributes.ts';
import {
  IFF_UP,
  IFINFOMSG_LENGTH,
  IFLA_ADDRESS,
  IFLA_GROUP,
  IFLA_IFALIAS,
  IFLA_IFNAME,
  IFLA_INFO_DATA,
  IFLA_INFO_KIND,
  IFLA_INFO_SLAVE_DATA,
  IFLA_INFO_SLAVE_KIND,
  IFLA_LINK,
  IFLA_LINKINFO,
  IFLA_MASTER,
  IFLA_MTU,
} from '../link.ts';
import { IFLA_BRPORT_MODE, listPortSettings } from './bridge-port.ts';
import { listLinkSettings } from './link-settings.ts';

// linux/rtnetlink.h
const AF_UNSPEC = 0;
// linux/if.h
export const IFF_RUNNING = 0x40;
export const IFF_LOWER_UP = 0x10000;
// linux/if_link.h
const IFLA_QDISC = 6;
const IFLA_LINK_NETNSID = 37;

/** A link as one namespace sees it, with indexes where people want names. */
export type RawLink = {
  readonly index: number;
  readonly name: string;
  readonly kind: string | null;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly carrier: boolean;
  /** The kernel has acted on the carrier. */
  readonly running: boolean;
  readonly group: number;
  readonly alias: string | null;
  readonly master: number | null;
  /** IFLA_LINK: of a veth its peer. */
  readonly lower: number | null;
  /** The namespace of `lower` as this namespace numbers it; null: this one. */
  readonly lowerNsid: number | null;
  /** IFLA_INFO_DATA, for the codec of its kind; null: it has none. */
  readonly info: Buffer | null;
  /** The kind of its master, whose settings of the port `hairpin` is from; null: it has none that keeps some. */
  readonly masterKind: string | null;
  readonly hairpin: boolean | null;
  /** ifi_flags: IFF_* of linux/if.h. */
  readonly flags: number;
  /** The queueing discipline at its root. */
  readonly qdisc: string | null;
  /** What it has that the language lacks, without its flags. */
  readonly settings: readonly UnknownAttribute[];
  /** What it has as a port, as `decodePortSettings` gives it; null: it is not a port. */
  readonly port: Spec | null;
  /** Likewise of a port. */
  readonly portSettings: readonly UnknownAttribute[];
};

/** Whether a notification is about a link itself: of AF_BRIDGE it is about a port. */
export const isAboutLink = (body: Buffer): boolean => body.readUInt8(0) === AF_UNSPEC;

/** A link message (RTM_NEWLINK, RTM_DELLINK) after its nlmsghdr. */
export function decodeLinkMessage(body: Buffer): RawLink {
  const flags = body.readUInt32LE(8);
  const link = parseAttributes(body, IFINFOMSG_LENGTH);
  const info = parseNestedAttributes(link.get(IFLA_LINKINFO));
  const masterKind = decodeString(info.get(IFLA_INFO_SLAVE_KIND));
  const port = masterKind === null ? undefined : info.get(IFLA_INFO_SLAVE_DATA);
  // A copy: the message is overwritten by the next one.
  const data = info.get(IFLA_INFO_DATA);
  return {
    index: body.readInt32LE(4),
    name: decodeString(link.get(IFLA_IFNAME)) ?? '',
    kind: decodeString(info.get(IFLA_INFO_KIND)),
    mac: decodeMac(link.get(IFLA_ADDRESS)),
    mtu: decodeU32(link.get(IFLA_MTU)) ?? 0,
    up: (flags & IFF_UP) !== 0,
    carrier: (flags & IFF_LOWER_UP) !== 0,
    running: (flags & IFF_RUNNING) !== 0,
    group: decodeU32(link.get(IFLA_GROUP)) ?? 0,
    alias: decodeString(link.get(IFLA_IFALIAS)),
    master: decodeU32(link.get(IFLA_MASTER)),
    lower: decodeU32(link.get(IFLA_LINK)),
    lowerNsid: decodeI32(link.get(IFLA_LINK_NETNSID)),
    info: data ? Buffer.from(data) : null,
    masterKind,
    port: port ? decodePortSettings(parseNestedAttributes(port)) : null,
    hairpin: masterKind === null ? null : decodeU8(parseNestedAttributes(port).get(IFLA_BRPORT_MODE)) === 1,
    flags,
    qdisc: decodeString(link.get(IFLA_QDISC)),
    settings: listLinkSettings(body, IFINFOMSG_LENGTH, link),
    portSettings: port ? listPortSettings(port) : [],
  };
}
