import type { LinkCodec } from '../../../model/link-kind.ts';
import {
  decodeU8,
  decodeU16,
  decodeU32,
  optionalAttribute,
  u8Attribute,
  u16Attribute,
  u32Attribute,
} from '../../../net/netlink-attributes.ts';
import type { BridgeOptions } from './options.ts';

// linux/if_link.h
const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_AGEING_TIME = 4;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_PRIORITY = 6;
const IFLA_BR_TOPOLOGY_CHANGE = 14;
const IFLA_BR_MCAST_SNOOPING = 23;
/** The kernel counts bridge times in USER_HZ. */
const TICKS_PER_SECOND = 100;

/** IFLA_INFO_DATA of a bridge. */
export const bridgeCodec: LinkCodec<BridgeOptions> = {
  encode: ({ forwardDelay, ageing, stp, priority, multicastSnooping }) => [
    ...optionalAttribute(forwardDelay, (seconds) => u32Attribute(IFLA_BR_FORWARD_DELAY, ticksOf(seconds))),
    ...optionalAttribute(ageing, (seconds) => u32Attribute(IFLA_BR_AGEING_TIME, ticksOf(seconds))),
    ...optionalAttribute(stp, (on) => u32Attribute(IFLA_BR_STP_STATE, Number(on))),
    ...optionalAttribute(priority, (value) => u16Attribute(IFLA_BR_PRIORITY, value)),
    ...optionalAttribute(multicastSnooping, (on) => u8Attribute(IFLA_BR_MCAST_SNOOPING, Number(on))),
  ],
  decode: (data) => ({
    options: {
      stp: (decodeU32(data.get(IFLA_BR_STP_STATE)) ?? 0) !== 0,
      ageing: (decodeU32(data.get(IFLA_BR_AGEING_TIME)) ?? 0) / TICKS_PER_SECOND,
      forwardDelay: (decodeU32(data.get(IFLA_BR_FORWARD_DELAY)) ?? 0) / TICKS_PER_SECOND,
      priority: decodeU16(data.get(IFLA_BR_PRIORITY)) ?? 0,
      multicastSnooping: decodeU8(data.get(IFLA_BR_MCAST_SNOOPING)) === 1,
    },
    ...(decodeU8(data.get(IFLA_BR_TOPOLOGY_CHANGE)) === 1 ? { changing: true } : {}),
  }),
};

/** The kernel's hundredths of a second. */
export const ticksOf = (seconds: number): number => Math.round(seconds * TICKS_PER_SECOND);
