import type { WireguardDevice, WireguardPeer } from '../../../../model/kernel/wireguard.ts';
import { parseAddress } from '../../../../net/address.ts';
import {
  addressBytes,
  addressFamilyNumber,
  bytesAttribute,
  nestedAttribute,
  optionalAttribute,
  portBytes,
  stringAttribute,
  u8Attribute,
  u16Attribute,
  u32Attribute,
} from '../../../../net/netlink-attributes.ts';
import { parsePrefix } from '../../../../net/prefix.ts';
import type { NetlinkMessage } from '../../message.ts';
import { WIREGUARD } from './attributes.ts';

/**
 * WG_CMD_SET_DEVICE: gives a device everything that it has to have, and takes its other peers away. `family`: the number that
 * the kernel gave to the generic netlink family `wireguard`.
 */
export const setWireguardMessage = (family: number, name: string, device: WireguardDevice): NetlinkMessage => ({
  type: family,
  flags: 0,
  // linux/genetlink.h, struct genlmsghdr: u8 command, u8 version, u16 reserved.
  header: Buffer.from([WIREGUARD.setDevice, WIREGUARD.version, 0, 0]),
  attributes: [
    stringAttribute(WIREGUARD.device.ifname, name),
    ...optionalAttribute(device.privateKey, (key) => bytesAttribute(WIREGUARD.device.privateKey, keyBytes(key))),
    u16Attribute(WIREGUARD.device.listenPort, device.listenPort),
    u32Attribute(WIREGUARD.device.fwmark, device.fwmark),
    u32Attribute(WIREGUARD.device.flags, WIREGUARD.replacePeers),
    nestedAttribute(
      WIREGUARD.device.peers,
      device.peers.map((peer) => nestedAttribute(0, peerAttributes(peer))),
    ),
  ],
});

function peerAttributes({
  publicKey,
  presharedKey,
  endpoint,
  keepalive,
  allowedIps,
}: WireguardPeer): readonly Buffer[] {
  const { peer } = WIREGUARD;
  return [
    bytesAttribute(peer.publicKey, keyBytes(publicKey)),
    u32Attribute(peer.flags, WIREGUARD.replaceAllowedIps),
    ...optionalAttribute(presharedKey, (key) => bytesAttribute(peer.presharedKey, keyBytes(key))),
    ...optionalAttribute(endpoint, (to) => bytesAttribute(peer.endpoint, socketAddress(to.address, to.port))),
    u16Attribute(peer.keepalive, keepalive),
    nestedAttribute(
      peer.allowedIps,
      allowedIps.map((prefix) => nestedAttribute(0, allowedIpAttributes(prefix))),
    ),
  ];
}

function allowedIpAttributes(text: string): readonly Buffer[] {
  const prefix = parsePrefix(text);
  if (prefix === null) throw new Error(`invariant: ${text} is not a prefix`);
  const { allowedIp } = WIREGUARD;
  return [
    u16Attribute(allowedIp.family, addressFamilyNumber(prefix.family)),
    bytesAttribute(allowedIp.address, addressBytes(text.slice(0, text.indexOf('/')))),
    u8Attribute(allowedIp.length, prefix.length),
  ];
}

/** struct sockaddr_in (16 bytes) or sockaddr_in6 (28 bytes): u16 family, be16 port, the address; of IPv6 flow and scope, too. */
function socketAddress(address: string, port: number): Buffer {
  const family = parseAddress(address)?.family ?? 4;
  const head = Buffer.alloc(2);
  head.writeUInt16LE(addressFamilyNumber(family));
  const bytes = [head, portBytes(port)];
  return family === 4
    ? Buffer.concat([...bytes, addressBytes(address), Buffer.alloc(8)])
    : Buffer.concat([...bytes, Buffer.alloc(4), addressBytes(address), Buffer.alloc(4)]);
}

const keyBytes = (key: string): Buffer => Buffer.from(key, 'base64');
