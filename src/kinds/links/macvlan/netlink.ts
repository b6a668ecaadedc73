import type { LinkCodec } from '../../../model/link-kind.ts';
import { decodeU16, decodeU32, optionalAttribute, u32Attribute } from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
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

/** What the language lacks; the number of source addresses (5), and the queue in use (8), are state. */
const MACVLAN_ATTRIBUTES: UsualAttributes = {
  read: new Set([IFLA_MACVLAN_MODE, 5, 8]),
  usual: usualAttributes([
    [IFLA_MACVLAN_FLAGS, 'flags'],
    [7, 'bcqueuelen', 1000], // IFLA_MACVLAN_BC_QUEUE_LEN
    [9, 'bclim', 1], // IFLA_MACVLAN_BC_CUTOFF
  ]),
};

/** IFLA_INFO_DATA of a macvlan; its parent is in IFLA_LINK. */
export const macvlanCodec: LinkCodec<MacvlanOptions> = {
  hasLinkAttribute: true,
  encode: ({ mode }) => optionalAttribute(MACVLAN_MODES[mode ?? ''], (value) => u32Attribute(IFLA_MACVLAN_MODE, value)),
  decode: (data, { lower }) => {
    const number = decodeU32(data.get(IFLA_MACVLAN_MODE));
    const mode = Object.keys(MACVLAN_MODES).find((one) => MACVLAN_MODES[one] === number);
    const unknown = listUnusualAttributes(data.bytes(), MACVLAN_ATTRIBUTES);
    const isSame = mode !== undefined && (decodeU16(data.get(IFLA_MACVLAN_FLAGS)) ?? 0) === 0;
    const modes = mode === undefined ? [{ name: 'mode', value: String(number) }] : [];
    return { options: isSame ? { parent: lower ?? '', mode } : null, unknown: [...modes, ...unknown] };
  },
};
