import type { LinkCodec } from '../../../model/link-kind.ts';
import {
  addressBytes,
  bytesAttribute,
  decodeIpAddress,
  decodeU8,
  decodeU32,
  optionalAttribute,
  portBytes,
  u8Attribute,
  u32Attribute,
} from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
import type { GeneveOptions } from './options.ts';

// linux/if_link.h
const IFLA_GENEVE_ID = 1;
const IFLA_GENEVE_REMOTE = 2;
const IFLA_GENEVE_TTL = 3;
const IFLA_GENEVE_PORT = 5;
const IFLA_GENEVE_REMOTE6 = 7;

/** IFLA_INFO_DATA of a geneve: each family of addresses has its own attribute, the port is in network byte order. */
export const geneveCodec: LinkCodec<GeneveOptions> = {
  encode: ({ id, remote, port, ttl }) => [
    ...optionalAttribute(id, (value) => u32Attribute(IFLA_GENEVE_ID, value)),
    ...optionalAttribute(remote, (address) =>
      bytesAttribute(address.includes(':') ? IFLA_GENEVE_REMOTE6 : IFLA_GENEVE_REMOTE, addressBytes(address)),
    ),
    ...optionalAttribute(ttl, (value) => u8Attribute(IFLA_GENEVE_TTL, value)),
    ...optionalAttribute(port, (value) => bytesAttribute(IFLA_GENEVE_PORT, portBytes(value))),
  ],
  decode: (data) => {
    const different = listUnusualAttributes(data.bytes(), DIFFERENT);
    const unknown = [...different, ...listUnusualAttributes(data.bytes(), BESIDE)];
    const remote = data.get(IFLA_GENEVE_REMOTE) ?? data.get(IFLA_GENEVE_REMOTE6);
    if (different.length > 0 || !remote) return { options: null, unknown };
    const options = {
      id: decodeU32(data.get(IFLA_GENEVE_ID)) ?? 0,
      remote: decodeIpAddress(remote),
      port: data.get(IFLA_GENEVE_PORT)?.readUInt16BE() ?? 0,
      ttl: decodeU8(data.get(IFLA_GENEVE_TTL)) ?? 0,
    };
    return { options, unknown };
  },
};

/** IFLA_GENEVE_* (linux/if_link.h) that make another tunnel of it than the file's. */
const DIFFERENT: UsualAttributes = {
  read: new Set(),
  usual: usualAttributes([
    [4, 'tos'], // IFLA_GENEVE_TOS
    [6, 'external'], // IFLA_GENEVE_COLLECT_METADATA
    [12, 'ttl_inherit'], // IFLA_GENEVE_TTL_INHERIT
    [14, 'innerprotoinherit'], // IFLA_GENEVE_INNER_PROTO_INHERIT
  ]),
  others: 'ignored',
};

/** Those that a tunnel of the file may have, too: nothing that netform does to it touches them. */
const BESIDE: UsualAttributes = {
  read: new Set([
    ...[IFLA_GENEVE_ID, IFLA_GENEVE_REMOTE, IFLA_GENEVE_TTL, IFLA_GENEVE_PORT, IFLA_GENEVE_REMOTE6],
    ...DIFFERENT.usual.keys(),
  ]),
  usual: usualAttributes([
    [8, 'udpcsum'], // IFLA_GENEVE_UDP_CSUM
    [9, 'udp6zerocsumtx'], // IFLA_GENEVE_UDP_ZERO_CSUM6_TX
    [10, 'udp6zerocsumrx'], // IFLA_GENEVE_UDP_ZERO_CSUM6_RX
    [11, 'flowlabel'], // IFLA_GENEVE_LABEL
    [13, 'df'], // IFLA_GENEVE_DF
  ]),
};
