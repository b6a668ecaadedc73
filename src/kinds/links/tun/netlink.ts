import type { AttributeReader, LinkCodec } from '../../../model/link-kind.ts';
import { decodeU8, decodeU32 } from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
import type { TunOptions } from './options.ts';

// linux/if_link.h
const IFLA_TUN_OWNER = 1;
const IFLA_TUN_GROUP = 2;
const IFLA_TUN_TYPE = 3;
const IFLA_TUN_PERSIST = 6;
const IFLA_TUN_MULTI_QUEUE = 7;

/** The kernel has one kind for both, and says which it is: IFF_TUN or IFF_TAP of linux/if_tun.h. */
export const isTunType =
  (type: number) =>
  (data: AttributeReader): boolean =>
    decodeU8(data.get(IFLA_TUN_TYPE)) === type;

/** IFLA_TUN_PI, _VNET_HDR and the counts of queues are what the program that is attached asked for. */
const TUN_ATTRIBUTES: UsualAttributes = {
  read: new Set([IFLA_TUN_OWNER, IFLA_TUN_GROUP, IFLA_TUN_TYPE, 4, 5, IFLA_TUN_PERSIST, IFLA_TUN_MULTI_QUEUE, 8, 9]),
  usual: usualAttributes([]),
};

/** IFLA_INFO_DATA of a tun or a tap, which is for reading only: an ioctl makes it (linux/if_tun.h). */
export const tunCodec: LinkCodec<TunOptions> = {
  encode: () => [],
  decode: (data, { accountOf }) => {
    const [owner, group] = [IFLA_TUN_OWNER, IFLA_TUN_GROUP].map((type) => decodeU32(data.get(type)));
    const isPersistent = decodeU8(data.get(IFLA_TUN_PERSIST)) === 1;
    const hasQueues = decodeU8(data.get(IFLA_TUN_MULTI_QUEUE)) === 1;
    const unknown = [
      ...(isPersistent ? [] : [{ name: 'persist', value: 'off' }]),
      ...(hasQueues ? [{ name: 'multi_queue', value: 'on' }] : []),
      ...listUnusualAttributes(data.bytes(), TUN_ATTRIBUTES),
    ];
    const options = {
      user: owner === null || owner === undefined ? null : accountOf('user', owner),
      group: group === null || group === undefined ? null : accountOf('group', group),
    };
    return { options: isPersistent && !hasQueues ? options : null, unknown };
  },
};
