import type { WireguardChange, WireguardPeer } from '../../../../model/kernel/wireguard.ts';
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
import { KEY_BYTES, WIREGUARD } from './attributes.ts';
import { genericHeader } from './generic.ts';

/** A message holds no more of them, so that it stays below the 65,535 bytes of a nested attribute. */
const PEERS_OF_A_MESSAGE = 64;

/**
 * WG_CMD_SET_DEVICE: gives a device what it has to have. The first message has its own values, others go on with peers.
 * `family`: the number that the kernel gave to the generic netlink family `wireguard`.
 */
export function setWireguardMessages(family: number, name: string, change: WireguardChange): readonly NetlinkMessage[] {
  const { privateKey, listenPort, fwmark, gone } = change;
  const { device } = WIREGUARD;
  const peers = [
    ...(gone === 'others' ? [] : gone.map(removedPeer)),
    ...change.peers.map((peer) => nestedAttribute(0, peerAttributes(peer))),
  ];
  const own = [
    bytesAttribute(device.privateKey, keyBytes(privateKey)),
    u16Attribute(device.listenPort, listenPort),
    u32Attribute(device.fwmark, fwmark),
    u32Attribute(device.flags, gone === 'others' ? WIREGUARD.replacePeers : 0),
  ];
  const messages: NetlinkMessage[] = [];
  for (let at = 0; at === 0 || at < peers.length; at += PEERS_OF_A_MESSAGE) {
    messages.push({
      type: family,
      flags: 0,
      header: genericHeader(WIREGUARD.setDevice, WIREGUARD.version),
      attributes: [
        stringAttribute(device.ifname, name),
        ...(at === 0 ? own : []),
        nestedAttribute(device.peers, peers.slice(at, at + PEERS_OF_A_MESSAGE)),
      ],
    });
  }
  return messages;
}

const removedPeer = (publicKey: string): Buffer =>
  nestedAttribute(0, [
    bytesAttribute(WIREGUARD.peer.publicKey, keyBytes(publicKey)),
    u32Attribute(WIREGUARD.peer.flags, WIREGUARD.removePeer),
  ]);

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
    bytesAttribute(peer.presharedKey, keyBytes(presharedKey)),
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

/** Zeros take a key away. */
const keyBytes = (key: string | null): Buffer => (key === null ? Buffer.alloc(KEY_BYTES) : Buffer.from(key, 'base64'));
