const NLMSG_HDRLEN = 16;

/** linux/netfilter/nfnetlink.h: bytes of struct nfgenmsg, the header of the subsystems of netfilter. */
export const NFGENMSG_LENGTH = 4;

/** linux/netlink.h, NLM_F_*: flags of requests that make an object. */
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;

/** One request: `type` and `flags` (NLM_F_*, without REQUEST and ACK) of its nlmsghdr, the family's header, attributes. */
export type NetlinkMessage = {
  readonly type: number;
  readonly flags: number;
  readonly header: Buffer;
  readonly attributes: readonly Buffer[];
};

/** One message that the kernel answered with (struct nlmsghdr), without its header. */
export type NetlinkReply = {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Shares the receive buffer: valid until the next receive. */
  readonly body: Buffer;
};

/** The message's bytes (linux/netlink.h, struct nlmsghdr): u32 length, u16 type, u16 flags, u32 sequence, u32 port. */
export function encodeMessage(message: NetlinkMessage, sequence: number, flags: number): Buffer {
  const head = Buffer.alloc(NLMSG_HDRLEN);
  const whole = Buffer.concat([head, message.header, ...message.attributes]);
  whole.writeUInt32LE(whole.length, 0);
  whole.writeUInt16LE(message.type, 4);
  whole.writeUInt16LE(message.flags | flags, 6);
  whole.writeUInt32LE(sequence, 8);
  return whole;
}

/** The messages of one datagram. */
export function parseReplies(datagram: Buffer): readonly NetlinkReply[] {
  const found: NetlinkReply[] = [];
  for (let at = 0; at + NLMSG_HDRLEN <= datagram.length; ) {
    const length = datagram.readUInt32LE(at);
    if (length < NLMSG_HDRLEN || at + length > datagram.length) break;
    found.push({
      type: datagram.readUInt16LE(at + 4),
      flags: datagram.readUInt16LE(at + 6),
      sequence: datagram.readUInt32LE(at + 8),
      body: datagram.subarray(at + NLMSG_HDRLEN, at + length),
    });
    at += (length + 3) & ~3;
  }
  return found;
}

/** What decodes the body of a message; null: nothing of it is used. */
type MessageDecoder<T> = (body: Buffer) => T | null;

/**
 * Decodes equal messages once. Thousands of namespaces have the same rules, and mostly the same routes and addresses: each is
 * then one value, and a dump that is repeated costs a look-up for each of its messages.
 */
export function decodeOnce<T>(known: Map<string, T | null>, decode: MessageDecoder<T>): MessageDecoder<T> {
  return (body) => {
    const bytes = body.toString('latin1');
    const found = known.get(bytes);
    if (found !== undefined) return found;
    const value = decode(body);
    known.set(bytes, value);
    return value;
  };
}
