import type { LinkCodec } from '../../../model/link-kind.ts';
import {
  bytesAttribute,
  decodeU16,
  decodeU32,
  optionalAttribute,
  portBytes,
  u16Attribute,
} from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
import type { VlanOptions } from './options.ts';

// linux/if_link.h
const IFLA_VLAN_ID = 1;
const IFLA_VLAN_FLAGS = 2;
const IFLA_VLAN_PROTOCOL = 5;
/** VLAN_FLAG_REORDER_HDR of linux/if_vlan.h, which a new VLAN has. */
const VLAN_FLAG_REORDER_HDR = 1;

/** ETH_P_8021Q and ETH_P_8021AD of linux/if_ether.h. */
const PROTOCOLS: { readonly [protocol: string]: number } = { '802.1q': 0x8100, '802.1ad': 0x88a8 };

/** What the language lacks: nothing that netform does to a VLAN touches it. */
const VLAN_ATTRIBUTES: UsualAttributes = {
  read: new Set([IFLA_VLAN_ID, IFLA_VLAN_FLAGS, IFLA_VLAN_PROTOCOL]),
  usual: usualAttributes([
    [3, 'egress-qos-map'], // IFLA_VLAN_EGRESS_QOS
    [4, 'ingress-qos-map'], // IFLA_VLAN_INGRESS_QOS
  ]),
};

/** IFLA_INFO_DATA of a VLAN, its protocol in network byte order; its parent is in IFLA_LINK. */
export const vlanCodec: LinkCodec<VlanOptions> = {
  hasLinkAttribute: true,
  encode: ({ id, protocol }) => [
    ...optionalAttribute(id, (value) => u16Attribute(IFLA_VLAN_ID, value)),
    ...optionalAttribute(PROTOCOLS[protocol ?? ''], (value) => bytesAttribute(IFLA_VLAN_PROTOCOL, portBytes(value))),
  ],
  decode: (data, { lower }) => {
    const number = data.get(IFLA_VLAN_PROTOCOL)?.readUInt16BE();
    const protocol = Object.keys(PROTOCOLS).find((one) => PROTOCOLS[one] === number);
    const flags = decodeU32(data.get(IFLA_VLAN_FLAGS)) ?? VLAN_FLAG_REORDER_HDR;
    const unknown = [
      ...(protocol === undefined ? [{ name: 'protocol', value: String(number) }] : []),
      ...(flags === VLAN_FLAG_REORDER_HDR ? [] : [{ name: 'flags', value: String(flags) }]),
      ...listUnusualAttributes(data.bytes(), VLAN_ATTRIBUTES),
    ];
    const id = decodeU16(data.get(IFLA_VLAN_ID)) ?? 0;
    return { options: protocol === undefined ? null : { id, parent: lower ?? '', protocol }, unknown };
  },
};
