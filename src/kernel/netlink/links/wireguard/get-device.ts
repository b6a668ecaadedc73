import type { WireguardDevice, WireguardPeer } from '../../../../model/kernel/wireguard.ts';
import {
  decodeIpAddress,
  decodeU8,
  decodeU16,
  decodeU32,
  decodeU64,
  familyOfAf,
  listAttributes,
  parseAttributes,
} from '../../../../net/netlink-attributes.ts';
import { WIREGUARD } from './attributes.ts';
import { GENL_HDRLEN } from './generic.ts';

/**
 * The device that the answers to WG_CMD_GET_DEVICE describe: bodies with their genlmsghdr. A peer whose prefixes do not fit
 * into one goes on in the next, with its key alone.
 */
export function decodeWireguardDevice(bodies: readonly Buffer[]): WireguardDevice {
  const { device } = WIREGUARD;
  const [first = Buffer.alloc(GENL_HDRLEN)] = bodies;
  const head = parseAttributes(first, GENL_HDRLEN);
  const peers = new Map<string, WireguardPeer>();
  for (const body of bodies) {
    const list = parseAttributes(body, GENL_HDRLEN).get(device.peers);
    for (const { payload } of list ? listAttributes(list) : []) {
      const peer = decodePeer(payload);
      const known = peers.get(peer.publicKey);
      peers.set(peer.publicKey, known ? { ...known, allowedIps: [...known.allowedIps, ...peer.allowedIps] } : peer);
    }
  }
  return {
    privateKey: keyText(head.get(device.privateKey)),
    listenPort: decodeU16(head.get(device.listenPort)) ?? 0,
    fwmark: decodeU32(head.get(device.fwmark)) ?? 0,
    peers: [...peers.values()],
  };
}

function decodePeer(payload: Buffer): WireguardPeer {
  const { peer, allowedIp } = WIREGUARD;
  const read = parseAttributes(payload);
  const list = read.get(peer.allowedIps);
  return {
    publicKey: keyText(read.get(peer.publicKey)) ?? '',
    presharedKey: keyText(read.get(peer.presharedKey)),
    endpoint: endpointOf(read.get(peer.endpoint)),
    keepalive: decodeU16(read.get(peer.keepalive)) ?? 0,
    ...handshakeField(decodeU64(read.get(peer.lastHandshake)) ?? 0),
    allowedIps: (list ? listAttributes(list) : []).map((one) => {
      const inside = parseAttributes(one.payload);
      return `${decodeIpAddress(inside.get(allowedIp.address) ?? Buffer.alloc(4))}/${decodeU8(inside.get(allowedIp.length)) ?? 0}`;
    }),
  };
}

/** The seconds of struct __kernel_timespec; 0: never. */
const handshakeField = (seconds: number): Pick<WireguardPeer, 'lastHandshake'> =>
  seconds === 0 ? {} : { lastHandshake: seconds };

/** struct sockaddr_in or sockaddr_in6. */
function endpointOf(payload: Buffer | undefined): WireguardPeer['endpoint'] {
  if (payload === undefined || payload.length < 8) return null;
  const isIpv6 = familyOfAf(payload.readUInt16LE(0)) === 6;
  const address = decodeIpAddress(isIpv6 ? payload.subarray(8, 24) : payload.subarray(4, 8));
  return { address, port: payload.readUInt16BE(2) };
}

/** The kernel gives zeros for a key that is not there. */
const keyText = (payload: Buffer | undefined): string | null =>
  payload === undefined || payload.every((byte) => byte === 0) ? null : payload.toString('base64');
