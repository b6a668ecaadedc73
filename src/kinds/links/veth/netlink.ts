import type { LinkCodec } from '../../../model/link-kind.ts';
import { nestedBytesAttribute } from '../../../net/netlink-attributes.ts';

// linux/veth.h
const VETH_INFO_PEER = 1;

/** IFLA_INFO_DATA of a veth pair: the peer is a whole link message, its ifinfomsg and then its attributes. A master in it is ignored. */
export const vethCodec: LinkCodec = {
  encode: (_options, { peer }) => (peer ? [nestedBytesAttribute(VETH_INFO_PEER, peer)] : []),
  decode: () => ({ options: {} }),
};
