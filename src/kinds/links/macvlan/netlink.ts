import type { LinkCodec } from '../../../model/link-kind.ts';
import { decodeU16, decodeU32, optionalAttribute, u32Attribute } from '../../../net/netlink-attributes.ts';
import type { MacvlanOptions } from './options.ts';

// linux/if_link.h
const IFLA_MACVLAN_MODE = 1;
const IFLA_MACVLAN_FLAGS = 2;

/** enum macvlan_mode (linux/if_link.h); MACVLAN_MODE_SOURCE is not in the language. */
const MACVLAN_MODES: { readonly [mode: string]: number } = {
  private: 1,
  vepa: 2,
  bridge: 4,
  passthru: 8,
};

/** IFLA_INFO_DATA of a macvlan; its parent is in IFLA_LINK. */
export const macvlanCodec: LinkCodec<MacvlanOptions> = {
  hasLinkAttribute: true,
  encode: ({ mode }) => optionalAttribute(MACVLAN_MODES[mode ?? ''], (value) => u32Attribute(IFLA_MACVLAN_MODE, value)),
  decode: (data, { lower }) => {
    const number = decodeU32(data.get(IFLA_MACVLAN_MODE));
    const mode = Object.keys(MACVLAN_MODES).find((one) => MACVLAN_MODES[one] === number);
    const hasFlags = (decodeU16(data.get(IFLA_MACVLAN_FLAGS)) ?? 0) !== 0;
    return { options: mode === undefined || hasFlags ? null : { parent: lower ?? '', mode } };
  },
};
