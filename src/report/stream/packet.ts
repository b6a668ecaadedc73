import type { Json } from '../../model/json.ts';
import { LINK_TYPE, type Packet } from '../../model/kernel/packet.ts';
import { formatAddress } from '../../net/address.ts';

/** The sender, the receiver and the contents of a packet. */
export type PacketSummary = { readonly from: string; readonly to: string; readonly text: string };

/** `22:10:01.123456  10.0.0.1 > 10.0.0.2  ICMP echo request, 98 bytes`, in the time of this machine. */
export function packetText(packet: Packet, linkType: number): string {
  const { from, to, text } = summarizePacket(packet, linkType);
  return `${timeText(packet)}  ${from} > ${to}  ${text}, ${packet.length} bytes\n`;
}

/** A packet as data; its time is in UTC. */
export function packetJson(packet: Packet, linkType: number): Json {
  const time = new Date(packet.seconds * 1000 + Math.floor(packet.nanoseconds / 1e6)).toISOString();
  return { time, ...summarizePacket(packet, linkType), length: packet.length };
}

function timeText({ seconds, nanoseconds }: Packet): string {
  const time = new Date(seconds * 1000).toTimeString().slice(0, 8);
  return `${time}.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}`;
}

function summarizePacket({ bytes }: Packet, linkType: number): PacketSummary {
  try {
    return linkType === LINK_TYPE.ethernet ? ethernetFrame(bytes) : ipPacket(bytes);
  } catch (error) {
    if (error instanceof RangeError) return { from: '?', to: '?', text: 'shorter than it says' };
    throw error;
  }
}

/** An IEEE 802.3 frame: destination, source, type; an 802.1Q tag stands before the type. */
function ethernetFrame(frame: Buffer): PacketSummary {
  const tagged = frame.readUInt16BE(12) === 0x8100;
  const type = frame.readUInt16BE(tagged ? 16 : 12);
  const content = frame.subarray(tagged ? 18 : 14);
  const between = { from: macText(frame, 6), to: macText(frame, 0) };
  const found = framePayload(type, content, between);
  return tagged ? { ...found, text: `VLAN ${frame.readUInt16BE(14) & 0xfff} ${found.text}` } : found;
}

function framePayload(type: number, content: Buffer, between: Omit<PacketSummary, 'text'>): PacketSummary {
  if (type === 0x0806) return arpPacket(content, between);
  if (type === 0x0800 || type === 0x86dd) return ipPacket(content);
  // Below 0x600 it is a length: the frame is one of IEEE 802.2, such as those of a bridge's spanning tree.
  return { ...between, text: type < 0x600 ? '802.2' : `type 0x${type.toString(16).padStart(4, '0')}` };
}

/** RFC 826. */
function arpPacket(packet: Buffer, between: Omit<PacketSummary, 'text'>): PacketSummary {
  const [sender, wanted] = [ipv4Text(packet, 14), ipv4Text(packet, 24)];
  const asks = packet.readUInt16BE(6) === 1;
  return {
    ...between,
    text: asks ? `ARP who has ${wanted}, tell ${sender}` : `ARP ${sender} is at ${macText(packet, 8)}`,
  };
}

/** RFC 791 and RFC 8200. */
function ipPacket(packet: Buffer): PacketSummary {
  const version = packet.readUInt8(0) >> 4;
  if (version === 6) return ipv6Packet(packet);
  if (version !== 4) return { from: '?', to: '?', text: 'not IP' };
  const between = { from: ipv4Text(packet, 12), to: ipv4Text(packet, 16) };
  const isLaterFragment = (packet.readUInt16BE(6) & 0x1fff) !== 0;
  if (isLaterFragment) return { ...between, text: 'fragment' };
  return transportSegment(packet.readUInt8(9), packet.subarray((packet.readUInt8(0) & 0xf) * 4), between);
}

const HOP_BY_HOP = 0;

function ipv6Packet(packet: Buffer): PacketSummary {
  const between = { from: ipv6Text(packet, 8), to: ipv6Text(packet, 24) };
  const next = packet.readUInt8(6);
  if (next !== HOP_BY_HOP) return transportSegment(next, packet.subarray(40), between);
  return transportSegment(packet.readUInt8(40), packet.subarray(40 + (packet.readUInt8(41) + 1) * 8), between);
}

function transportSegment(protocol: number, payload: Buffer, between: Omit<PacketSummary, 'text'>): PacketSummary {
  const { from, to } = between;
  switch (protocol) {
    case 6:
    case 17: {
      const ports = { from: withPort(from, payload.readUInt16BE(0)), to: withPort(to, payload.readUInt16BE(2)) };
      return { ...ports, text: protocol === 6 ? `TCP ${tcpFlags(payload.readUInt8(13))}` : 'UDP' };
    }
    case 1:
      return { from, to, text: `ICMP ${ICMP[payload.readUInt8(0)] ?? `type ${payload.readUInt8(0)}`}` };
    case 58:
      return { from, to, text: `ICMPv6 ${ICMPV6[payload.readUInt8(0)] ?? `type ${payload.readUInt8(0)}`}` };
    default:
      return { from, to, text: PROTOCOLS[protocol] ?? `protocol ${protocol}` };
  }
}

const withPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const tcpFlags = (flags: number): string =>
  ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_, bit) => flags & (1 << bit)).join(' ') || 'no flags';

const PROTOCOLS: { readonly [number: number]: string } = {
  2: 'IGMP',
  4: 'IPv4 in IP',
  41: 'IPv6 in IP',
  44: 'fragment',
  47: 'GRE',
  50: 'ESP',
  51: 'AH',
  89: 'OSPF',
  112: 'VRRP',
  132: 'SCTP',
};

// RFC 792 and the registry of IANA.
const ICMP: { readonly [type: number]: string } = {
  0: 'echo reply',
  3: 'unreachable',
  5: 'redirect',
  8: 'echo request',
  9: 'router advertisement',
  10: 'router solicitation',
  11: 'time exceeded',
  12: 'parameter problem',
};

// RFC 4443, RFC 4861, RFC 3810.
const ICMPV6: { readonly [type: number]: string } = {
  1: 'unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'listener query',
  131: 'listener report',
  132: 'listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  137: 'redirect',
  143: 'listener report',
};

const macText = (bytes: Buffer, at: number): string =>
  sliceBytes(bytes, at, 6)
    .toString('hex')
    .replace(/..(?=.)/g, '$&:');
const ipv4Text = (bytes: Buffer, at: number): string => sliceBytes(bytes, at, 4).join('.');

function ipv6Text(bytes: Buffer, at: number): string {
  const own = sliceBytes(bytes, at, 16);
  return formatAddress({ family: 6, value: (own.readBigUInt64BE(0) << 64n) | own.readBigUInt64BE(8) });
}

function sliceBytes(bytes: Buffer, at: number, length: number): Buffer {
  if (at + length > bytes.length) throw new RangeError('the packet ends before');
  return bytes.subarray(at, at + length);
}
