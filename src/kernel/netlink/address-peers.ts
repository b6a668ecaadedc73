import { decodeIpAddress, parseAttributes } from '../../net/netlink-attributes.ts';
import { IFA_ADDRESS, IFA_LOCAL, IFADDRMSG_LENGTH, RTM_GETADDR } from './address.ts';
import { dumpMessages } from './socket.ts';

/** An address of a point-to-point link, and the network of the other end (`10.0.0.1/32`). */
export type RawAddressPeer = { readonly index: number; readonly address: string; readonly peer: string };

/** The addresses of a socket's namespace that have another end. */
export const dumpAddressPeers = (socket: number): readonly RawAddressPeer[] =>
  dumpMessages(
    socket,
    { type: RTM_GETADDR, flags: 0, header: Buffer.alloc(IFADDRMSG_LENGTH), attributes: [] },
    (body): RawAddressPeer | null => {
      const attributes = parseAttributes(body, IFADDRMSG_LENGTH);
      const [peer, own] = [attributes.get(IFA_ADDRESS), attributes.get(IFA_LOCAL)];
      if (!peer || !own || peer.equals(own)) return null;
      const length = body.readUInt8(1);
      return {
        index: body.readUInt32LE(4),
        address: decodeIpAddress(own),
        peer: `${decodeIpAddress(peer)}/${length}`,
      };
    },
  );
