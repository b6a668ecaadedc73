/** A netlink message in a form in which two that mean the same are equal: attributes sorted, without padding. */
export type NetlinkTree = {
  readonly type: number;
  /** NLM_F_*, without REQUEST and ACK. */
  readonly flags: number;
  /** The header of the family, in hex. */
  readonly header: string;
  readonly attributes: NetlinkTreeAttributes;
};
/** By type: the payload in hex without the NUL of a string, or what is nested in it. */
export type NetlinkTreeAttributes = { readonly [type: number]: string | NetlinkTreeAttributes };

const NLMSG_HDRLEN = 16;
const NLA_HDRLEN = 4;
const NLA_TYPE_MASK = 0x3fff;
const NLM_F_REQUEST_ACK = 0x5;
const IFINFOMSG = 16;

/** Lengths of the headers by the first type of each group of messages (linux/rtnetlink.h, linux/tcp_diag.h). */
const HEADERS: { readonly [group: number]: number } = { 16: IFINFOMSG, 20: 8, 24: 12, 28: 12, 32: 12, 36: 20 };

/** Which attributes hold others, by the path of types to them: IFLA_LINKINFO, and in it a veth's peer, and RTA_METRICS. */
const NESTED: { readonly [path: string]: number } = {
  '16/18': 0,
  '16/18/2': 0,
  '16/18/5': 0,
  // struct ifinfomsg, then attributes (linux/veth.h).
  '16/18/2/1@veth': IFINFOMSG,
  '24/8': 0,
};

/** Reads a request: its nlmsghdr, and what follows by the group of its type. */
export function netlinkTree(message: Buffer): NetlinkTree {
  const type = message.readUInt16LE(4);
  const group = type - (type % 4);
  const from = NLMSG_HDRLEN + (HEADERS[group] ?? 0);
  return {
    type,
    flags: message.readUInt16LE(6) & ~NLM_F_REQUEST_ACK,
    header: message.toString('hex', NLMSG_HDRLEN, from),
    attributes: attributesOf(message.subarray(from), `${group}`),
  };
}

function attributesOf(bytes: Buffer, path: string): NetlinkTreeAttributes {
  const found: { [type: number]: string | NetlinkTreeAttributes } = {};
  for (let at = 0; at + NLA_HDRLEN <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    const type = bytes.readUInt16LE(at + 2) & NLA_TYPE_MASK;
    const payload = bytes.subarray(at + NLA_HDRLEN, at + length);
    const isVeth = path === '16/18/2' && type === 1 && payload.length > IFINFOMSG;
    const inside = NESTED[`${path}/${type}${isVeth ? '@veth' : ''}`];
    if (inside === undefined) found[type] = withoutNul(payload);
    else if (inside === 0) found[type] = attributesOf(payload, `${path}/${type}`);
    else found[type] = attributesOf(payload.subarray(inside), '16');
    at += (length + 3) & ~3;
  }
  return found;
}

const withoutNul = (payload: Buffer): string =>
  /^[\x20-\x7e]+\0$/.test(payload.toString('latin1'))
    ? payload.toString('hex', 0, payload.length - 1)
    : payload.toString('hex');
