import type { LinkCodec } from '../../../model/link-kind.ts';
import { decodeU16, optionalAttribute, u16Attribute } from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
import type { IpvlanOptions } from './options.ts';

// linux/if_link.h
export const IFLA_IPVLAN_MODE = 1;
export const IFLA_IPVLAN_FLAGS = 2;

/** In the order of enum ipvlan_mode. */
const IPVLAN_MODES = ['l2', 'l3', 'l3s'];

/** None, IPVLAN_F_PRIVATE, IPVLAN_F_VEPA; the kernel refuses both together. */
const IPVLAN_FLAGS = ['bridge', 'private', 'vepa'];

const IPVLAN_ATTRIBUTES: UsualAttributes = {
  read: new Set([IFLA_IPVLAN_MODE, IFLA_IPVLAN_FLAGS]),
  usual: usualAttributes([]),
};

/** IFLA_INFO_DATA of an ipvlan; its parent is in IFLA_LINK. */
export const ipvlanCodec: LinkCodec<IpvlanOptions> = {
  hasLinkAttribute: true,
  encode: ({ mode, flag }) => [
    ...optionalAttribute(mode, (name) => u16Attribute(IFLA_IPVLAN_MODE, IPVLAN_MODES.indexOf(name))),
    ...optionalAttribute(flag, (name) => u16Attribute(IFLA_IPVLAN_FLAGS, IPVLAN_FLAGS.indexOf(name))),
  ],
  decode: (data, { lower }) => {
    const numbers = [IFLA_IPVLAN_MODE, IFLA_IPVLAN_FLAGS].map((type) => decodeU16(data.get(type)) ?? 0);
    const [mode, flag] = [IPVLAN_MODES[numbers[0] ?? 0], IPVLAN_FLAGS[numbers[1] ?? 0]];
    const strange = [
      ...(mode === undefined ? [{ name: 'mode', value: String(numbers[0]) }] : []),
      ...(flag === undefined ? [{ name: 'flags', value: String(numbers[1]) }] : []),
    ];
    const unknown = [...strange, ...listUnusualAttributes(data.bytes(), IPVLAN_ATTRIBUTES)];
    const isSame = mode !== undefined && flag !== undefined;
    return { options: isSame ? { parent: lower ?? '', mode, flag } : null, unknown };
  },
};
