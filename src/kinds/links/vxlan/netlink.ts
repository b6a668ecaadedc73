import type { AttributeReader, LinkCodec } from '../../../model/link-kind.ts';
import {
  addressBytes,
  bytesAttribute,
  decodeIpAddress,
  decodeU8,
  decodeU32,
  optionalAttribute,
  u32Attribute,
} from '../../../net/netlink-attributes.ts';
import type { VxlanOptions } from './options.ts';

// linux/if_link.h
const IFLA_VXLAN_ID = 1;
const IFLA_VXLAN_GROUP = 2;
const IFLA_VXLAN_LINK = 3;
const IFLA_VXLAN_LOCAL = 4;
const IFLA_VXLAN_TTL = 5;
const IFLA_VXLAN_TOS = 6;
const IFLA_VXLAN_LEARNING = 7;
const IFLA_VXLAN_PROXY = 11;
const IFLA_VXLAN_RSC = 12;
const IFLA_VXLAN_L2MISS = 13;
const IFLA_VXLAN_L3MISS = 14;
const IFLA_VXLAN_PORT = 15;
const IFLA_VXLAN_GROUP6 = 16;
const IFLA_VXLAN_LOCAL6 = 17;
const IFLA_VXLAN_COLLECT_METADATA = 25;

/** IFLA_INFO_DATA of a vxlan: each family of addresses has its own attribute, the port is in network byte order. */
export const vxlanCodec: LinkCodec<VxlanOptions> = {
  encode: ({ id, remote, local, port }, { lower }) => [
    ...optionalAttribute(id, (value) => u32Attribute(IFLA_VXLAN_ID, value)),
    ...optionalAttribute(remote, (address) =>
      bytesAttribute(address.includes(':') ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP, addressBytes(address)),
    ),
    ...optionalAttribute(lower, (index) => u32Attribute(IFLA_VXLAN_LINK, index)),
    ...optionalAttribute(local, (address) =>
      bytesAttribute(address.includes(':') ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, addressBytes(address)),
    ),
    ...optionalAttribute(port, (value) => bytesAttribute(IFLA_VXLAN_PORT, portBytes(value))),
  ],
  decode: (data, { nameOf }) => ({ options: decode(data, nameOf) }),
};

function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(port);
  return bytes;
}

function decode(data: AttributeReader, nameOf: (index: number) => string | null): VxlanOptions | null {
  const remote = data.get(IFLA_VXLAN_GROUP) ?? data.get(IFLA_VXLAN_GROUP6);
  const local = data.get(IFLA_VXLAN_LOCAL) ?? data.get(IFLA_VXLAN_LOCAL6);
  if (!remote || isMulticast(remote) || !hasOnlyKnownSettings(data)) return null;
  const dev = decodeU32(data.get(IFLA_VXLAN_LINK)) ?? 0;
  return {
    id: decodeU32(data.get(IFLA_VXLAN_ID)) ?? 0,
    remote: decodeIpAddress(remote),
    local: local?.some((byte) => byte !== 0) ? decodeIpAddress(local) : null,
    dev: dev === 0 ? null : nameOf(dev),
    port: data.get(IFLA_VXLAN_PORT)?.readUInt16BE() ?? 0,
  };
}

const isMulticast = (address: Buffer): boolean =>
  address.length === 4 ? ((address[0] ?? 0) & 0xf0) === 0xe0 : address[0] === 0xff;

/** Whether the settings that the language lacks are those of a new one: it learns, and has nothing else on. */
const hasOnlyKnownSettings = (data: AttributeReader): boolean =>
  decodeU8(data.get(IFLA_VXLAN_LEARNING)) === 1 && OFF.every((type) => (decodeU8(data.get(type)) ?? 0) === 0);

const OFF = [
  ...[IFLA_VXLAN_TTL, IFLA_VXLAN_TOS, IFLA_VXLAN_PROXY, IFLA_VXLAN_RSC],
  ...[IFLA_VXLAN_L2MISS, IFLA_VXLAN_L3MISS, IFLA_VXLAN_COLLECT_METADATA],
];
