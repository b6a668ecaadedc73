import type { AttributeReader, LinkCodec } from '../../../model/link-kind.ts';
import { isMulticastAddress } from '../../../net/address.ts';
import {
  addressBytes,
  bytesAttribute,
  decodeIpAddress,
  decodeU32,
  optionalAttribute,
  portBytes,
  u32Attribute,
} from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
import type { VxlanOptions } from './options.ts';

// linux/if_link.h
const IFLA_VXLAN_ID = 1;
const IFLA_VXLAN_GROUP = 2;
const IFLA_VXLAN_LINK = 3;
const IFLA_VXLAN_LOCAL = 4;
const IFLA_VXLAN_PORT = 15;
const IFLA_VXLAN_GROUP6 = 16;
const IFLA_VXLAN_LOCAL6 = 17;

/** IFLA_INFO_DATA of a vxlan: each family of addresses has its own attribute, the port is in network byte order. */
export const vxlanCodec: LinkCodec<VxlanOptions> = {
  encode: ({ id, remote, group, local, port }, { lower }) => [
    ...optionalAttribute(id, (value) => u32Attribute(IFLA_VXLAN_ID, value)),
    ...optionalAttribute(remote ?? group, (address) =>
      bytesAttribute(address.includes(':') ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP, addressBytes(address)),
    ),
    ...optionalAttribute(lower, (index) => u32Attribute(IFLA_VXLAN_LINK, index)),
    ...optionalAttribute(local, (address) =>
      bytesAttribute(address.includes(':') ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, addressBytes(address)),
    ),
    ...optionalAttribute(port, (value) => bytesAttribute(IFLA_VXLAN_PORT, portBytes(value))),
  ],
  decode: (data, { nameOf }) => {
    const different = listUnusualAttributes(data.bytes(), DIFFERENT);
    const unknown = [...different, ...listUnusualAttributes(data.bytes(), BESIDE)];
    return { options: different.length > 0 ? null : decode(data, nameOf), unknown };
  },
};

function decode(data: AttributeReader, nameOf: (index: number) => string | null): VxlanOptions | null {
  const destination = data.get(IFLA_VXLAN_GROUP) ?? data.get(IFLA_VXLAN_GROUP6);
  const local = data.get(IFLA_VXLAN_LOCAL) ?? data.get(IFLA_VXLAN_LOCAL6);
  if (!destination) return null;
  const address = decodeIpAddress(destination);
  const dev = decodeU32(data.get(IFLA_VXLAN_LINK)) ?? 0;
  return {
    id: decodeU32(data.get(IFLA_VXLAN_ID)) ?? 0,
    ...(isMulticastAddress(address) ? { remote: null, group: address } : { remote: address }),
    local: local?.some((byte) => byte !== 0) ? decodeIpAddress(local) : null,
    dev: dev === 0 ? null : nameOf(dev),
    port: data.get(IFLA_VXLAN_PORT)?.readUInt16BE() ?? 0,
  };
}

/** IFLA_VXLAN_* (linux/if_link.h) that make another tunnel of it than the file's, with the defaults of drivers/net/vxlan. */
const DIFFERENT: UsualAttributes = {
  read: new Set(),
  usual: usualAttributes([
    [5, 'ttl'], // IFLA_VXLAN_TTL
    [6, 'tos'], // IFLA_VXLAN_TOS
    [7, 'learning', 1], // IFLA_VXLAN_LEARNING
    [11, 'proxy'], // IFLA_VXLAN_PROXY
    [12, 'rsc'], // IFLA_VXLAN_RSC
    [13, 'l2miss'], // IFLA_VXLAN_L2MISS
    [14, 'l3miss'], // IFLA_VXLAN_L3MISS
    [25, 'external'], // IFLA_VXLAN_COLLECT_METADATA
  ]),
  others: 'ignored',
};

/** Those that a tunnel of the file may have, too: nothing that netform does to it touches them. */
const BESIDE: UsualAttributes = {
  read: new Set([
    ...[IFLA_VXLAN_ID, IFLA_VXLAN_GROUP, IFLA_VXLAN_LINK, IFLA_VXLAN_LOCAL, IFLA_VXLAN_PORT, IFLA_VXLAN_GROUP6],
    ...[IFLA_VXLAN_LOCAL6, ...DIFFERENT.usual.keys()],
    33, // IFLA_VXLAN_RESERVED_BITS: it follows from the others
  ]),
  usual: usualAttributes([
    [8, 'ageing', 300], // IFLA_VXLAN_AGEING
    [9, 'maxaddr'], // IFLA_VXLAN_LIMIT
    [10, 'srcport'], // IFLA_VXLAN_PORT_RANGE
    [18, 'udpcsum', 1], // IFLA_VXLAN_UDP_CSUM
    [19, 'udp6zerocsumtx'], // IFLA_VXLAN_UDP_ZERO_CSUM6_TX
    [20, 'udp6zerocsumrx'], // IFLA_VXLAN_UDP_ZERO_CSUM6_RX
    [21, 'remcsumtx'], // IFLA_VXLAN_REMCSUM_TX
    [22, 'remcsumrx'], // IFLA_VXLAN_REMCSUM_RX
    [23, 'gbp'], // IFLA_VXLAN_GBP
    [24, 'remcsum_nopartial'], // IFLA_VXLAN_REMCSUM_NOPARTIAL
    [26, 'flowlabel'], // IFLA_VXLAN_LABEL
    [27, 'gpe'], // IFLA_VXLAN_GPE
    [28, 'ttl_inherit'], // IFLA_VXLAN_TTL_INHERIT
    [29, 'df'], // IFLA_VXLAN_DF
    [30, 'vnifilter'], // IFLA_VXLAN_VNIFILTER
    [31, 'localbypass', 1], // IFLA_VXLAN_LOCALBYPASS
    [32, 'flowlabel_policy'], // IFLA_VXLAN_LABEL_POLICY
  ]),
};
