import type { LinkCodec } from '../../../model/link-kind.ts';
import { decodeU32, optionalAttribute, u32Attribute } from '../../../net/netlink-attributes.ts';
import type { VrfOptions } from './options.ts';

// linux/if_link.h
const IFLA_VRF_TABLE = 1;

/** IFLA_INFO_DATA of a VRF. */
export const vrfCodec: LinkCodec<VrfOptions> = {
  encode: ({ table }) => optionalAttribute(table, (value) => u32Attribute(IFLA_VRF_TABLE, value)),
  decode: (data) => ({ options: { table: decodeU32(data.get(IFLA_VRF_TABLE)) ?? 0 }, unknown: [] }),
};
