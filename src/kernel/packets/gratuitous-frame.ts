import { familyOf } from '../../net/address.ts';
import { addressBytes, macBytes } from '../../net/netlink-attributes.ts';

// linux/if_ether.h, linux/if_arp.h, linux/icmpv6.h
const ETH_P_ARP = [0x08, 0x06];
const ETH_P_IPV6 = [0x86, 0xdd];
const ETHERNET_IPV4_REQUEST = [0, 1, 0x08, 0, 6, 4, 0, 1];
const NEXT_HEADER_ICMPV6 = 58;
const NEIGHBOUR_ADVERTISEMENT = 136;
const ND_ROUTER_FLAG = 0x80;
const ND_OVERRIDE_FLAG = 0x20;
const TARGET_LINK_LAYER_ADDRESS = [2, 1];
const ND_HOP_LIMIT = 255;

const BROADCAST_MAC = Buffer.alloc(6, 0xff);
const ZERO_MAC = Buffer.alloc(6);
const ALL_NODES = addressBytes('ff02::1');
const ALL_NODES_MAC = Buffer.from([0x33, 0x33, 0, 0, 0, 1]);

/** An address, its MAC, and whether its owner is a router. */
export type GratuitousFrameSource = {
  readonly address: string;
  readonly mac: string;
  /** Of IPv6: whether it routes. Others forget a default route by one who says that it does not. */
  readonly isRouter: boolean;
};

/** The Ethernet frame by which all on a link hear that an address is at a MAC; those who know it otherwise change that. */
export const gratuitousFrame = (neighbour: GratuitousFrameSource): Buffer =>
  familyOf(neighbour.address) === 6 ? neighbourAdvertisement(neighbour) : arpAnnouncement(neighbour);

/** RFC 5227, 2.3: a request for one's own address. */
function arpAnnouncement({ address, mac }: GratuitousFrameSource): Buffer {
  const [own, ip] = [macBytes(mac), addressBytes(address)];
  const ethernet = [BROADCAST_MAC, own, Buffer.from(ETH_P_ARP)];
  return Buffer.concat([...ethernet, Buffer.from(ETHERNET_IPV4_REQUEST), own, ip, ZERO_MAC, ip]);
}

/** RFC 4861, 4.4 and 7.2.6: an unsolicited neighbour advertisement. */
function neighbourAdvertisement({ address, mac, isRouter }: GratuitousFrameSource): Buffer {
  const [own, ip] = [macBytes(mac), addressBytes(address)];
  const flags = ND_OVERRIDE_FLAG | (isRouter ? ND_ROUTER_FLAG : 0);
  const head = Buffer.from([NEIGHBOUR_ADVERTISEMENT, 0, 0, 0, flags, 0, 0, 0]);
  const message = Buffer.concat([head, ip, Buffer.from(TARGET_LINK_LAYER_ADDRESS), own]);
  const pseudoHeader = Buffer.from([0, 0, 0, message.length, 0, 0, 0, NEXT_HEADER_ICMPV6]);
  message.writeUInt16BE(checksum(Buffer.concat([ip, ALL_NODES, pseudoHeader, message])), 2);
  const ipv6 = Buffer.from([0x60, 0, 0, 0, 0, message.length, NEXT_HEADER_ICMPV6, ND_HOP_LIMIT]);
  return Buffer.concat([ALL_NODES_MAC, own, Buffer.from(ETH_P_IPV6), ipv6, ip, ALL_NODES, message]);
}

/** RFC 1071, of an even number of bytes. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
