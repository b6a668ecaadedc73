import type { UnknownAttribute } from '../../../model/kernel/unknown-attribute.ts';
import type { AttributeReader, LinkCodec } from '../../../model/link-kind.ts';
import {
  decodeMac,
  decodeU8,
  decodeU16,
  decodeU32,
  optionalAttribute,
  u8Attribute,
  u16Attribute,
  u32Attribute,
} from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
import type { BridgeOptions } from './options.ts';

// linux/if_link.h
const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_AGEING_TIME = 4;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_PRIORITY = 6;
const IFLA_BR_VLAN_FILTERING = 7;
const IFLA_BR_TOPOLOGY_CHANGE = 14;
const IFLA_BR_GROUP_ADDR = 20;
const IFLA_BR_MCAST_SNOOPING = 23;
const IFLA_BR_NF_CALL_IPTABLES = 36;
const IFLA_BR_NF_CALL_IP6TABLES = 37;
const IFLA_BR_MULTI_BOOLOPT = 46;
/** The kernel counts bridge times in USER_HZ. */
const TICKS_PER_SECOND = 100;

/** IFLA_BR_* (linux/if_link.h) with the defaults of net/bridge/br_device.c and br_multicast.c; times in ticks. */
const BRIDGE_ATTRIBUTES: UsualAttributes = {
  // Beside the options: ROOT_ID to GC_TIMER, PAD, MCAST_QUERIER_STATE and FDB_N_LEARNED, which are state.
  read: new Set([
    ...[IFLA_BR_FORWARD_DELAY, IFLA_BR_AGEING_TIME, IFLA_BR_STP_STATE, IFLA_BR_PRIORITY, IFLA_BR_MCAST_SNOOPING],
    IFLA_BR_VLAN_FILTERING,
    ...[
      10,
      11,
      12,
      13,
      IFLA_BR_TOPOLOGY_CHANGE,
      15,
      16,
      17,
      18,
      19,
      IFLA_BR_GROUP_ADDR,
      40,
      IFLA_BR_MULTI_BOOLOPT,
      47,
      48,
    ],
  ]),
  usual: usualAttributes([
    [2, 'hello_time', 200], // IFLA_BR_HELLO_TIME
    [3, 'max_age', 2000], // IFLA_BR_MAX_AGE
    [8, 'vlan_protocol', 0x0081], // IFLA_BR_VLAN_PROTOCOL: ETH_P_8021Q in network byte order
    [9, 'group_fwd_mask'], // IFLA_BR_GROUP_FWD_MASK
    [22, 'mcast_router', 1], // IFLA_BR_MCAST_ROUTER
    [24, 'mcast_query_use_ifaddr'], // IFLA_BR_MCAST_QUERY_USE_IFADDR
    [25, 'mcast_querier'], // IFLA_BR_MCAST_QUERIER
    [26, 'mcast_hash_elasticity', 0, 4, 16], // IFLA_BR_MCAST_HASH_ELASTICITY
    [27, 'mcast_hash_max', 512, 4096], // IFLA_BR_MCAST_HASH_MAX
    [28, 'mcast_last_member_count', 2], // IFLA_BR_MCAST_LAST_MEMBER_CNT
    [29, 'mcast_startup_query_count', 2], // IFLA_BR_MCAST_STARTUP_QUERY_CNT
    [30, 'mcast_last_member_interval', 99, 100], // IFLA_BR_MCAST_LAST_MEMBER_INTVL
    [31, 'mcast_membership_interval', 25_999, 26_000], // IFLA_BR_MCAST_MEMBERSHIP_INTVL
    [32, 'mcast_querier_interval', 25_499, 25_500], // IFLA_BR_MCAST_QUERIER_INTVL
    [33, 'mcast_query_interval', 12_499, 12_500], // IFLA_BR_MCAST_QUERY_INTVL
    [34, 'mcast_query_response_interval', 999, 1000], // IFLA_BR_MCAST_QUERY_RESPONSE_INTVL
    [35, 'mcast_startup_query_interval', 3124, 3125], // IFLA_BR_MCAST_STARTUP_QUERY_INTVL
    [IFLA_BR_NF_CALL_IPTABLES, 'nf_call_iptables'],
    [IFLA_BR_NF_CALL_IP6TABLES, 'nf_call_ip6tables'],
    [38, 'nf_call_arptables'], // IFLA_BR_NF_CALL_ARPTABLES
    [39, 'vlan_default_pvid', 1], // IFLA_BR_VLAN_DEFAULT_PVID
    [41, 'vlan_stats_enabled'], // IFLA_BR_VLAN_STATS_ENABLED
    [42, 'mcast_stats_enabled'], // IFLA_BR_MCAST_STATS_ENABLED
    [43, 'mcast_igmp_version', 2], // IFLA_BR_MCAST_IGMP_VERSION
    [44, 'mcast_mld_version', 1], // IFLA_BR_MCAST_MLD_VERSION
    [45, 'vlan_stats_per_port'], // IFLA_BR_VLAN_STATS_PER_PORT
    [49, 'fdb_max_learned'], // IFLA_BR_FDB_MAX_LEARNED
  ]),
};

/** IFLA_INFO_DATA of a bridge. */
export const bridgeCodec: LinkCodec<BridgeOptions> = {
  encode: ({ forwardDelay, ageing, stp, priority, multicastSnooping, vlanFiltering, netfilter }) => [
    ...optionalAttribute(forwardDelay, (seconds) => u32Attribute(IFLA_BR_FORWARD_DELAY, ticksOf(seconds))),
    ...optionalAttribute(ageing, (seconds) => u32Attribute(IFLA_BR_AGEING_TIME, ticksOf(seconds))),
    ...optionalAttribute(stp, (on) => u32Attribute(IFLA_BR_STP_STATE, Number(on))),
    ...optionalAttribute(priority, (value) => u16Attribute(IFLA_BR_PRIORITY, value)),
    ...optionalAttribute(vlanFiltering, (on) => u8Attribute(IFLA_BR_VLAN_FILTERING, Number(on))),
    ...optionalAttribute(multicastSnooping, (on) => u8Attribute(IFLA_BR_MCAST_SNOOPING, Number(on))),
    ...optionalAttribute(netfilter, (on) => u8Attribute(IFLA_BR_NF_CALL_IPTABLES, Number(on))),
    ...optionalAttribute(netfilter, (on) => u8Attribute(IFLA_BR_NF_CALL_IP6TABLES, Number(on))),
  ],
  decode: (data) => ({
    options: {
      stp: (decodeU32(data.get(IFLA_BR_STP_STATE)) ?? 0) !== 0,
      ageing: (decodeU32(data.get(IFLA_BR_AGEING_TIME)) ?? 0) / TICKS_PER_SECOND,
      forwardDelay: (decodeU32(data.get(IFLA_BR_FORWARD_DELAY)) ?? 0) / TICKS_PER_SECOND,
      priority: decodeU16(data.get(IFLA_BR_PRIORITY)) ?? 0,
      multicastSnooping: decodeU8(data.get(IFLA_BR_MCAST_SNOOPING)) === 1,
      ...(decodeU8(data.get(IFLA_BR_VLAN_FILTERING)) === 1 ? { vlanFiltering: true } : {}),
      ...(isFiltered(data) ? { netfilter: true } : {}),
    },
    ...(decodeU8(data.get(IFLA_BR_TOPOLOGY_CHANGE)) === 1 ? { changing: true } : {}),
    unknown: [
      ...listUnusualAttributes(data.bytes(), BRIDGE_ATTRIBUTES).filter(
        ({ name }) => !(isFiltered(data) && FILTER_ATTRIBUTES.has(name)),
      ),
      ...switchSettings(data),
      ...groupSettings(data),
    ],
  }),
};

const FILTER_ATTRIBUTES = new Set(['nf_call_iptables', 'nf_call_ip6tables']);

/** Whether its frames of both families pass netfilter; where one does alone, that is shown as it is. */
const isFiltered = (data: AttributeReader): boolean =>
  [IFLA_BR_NF_CALL_IPTABLES, IFLA_BR_NF_CALL_IP6TABLES].every((one) => decodeU8(data.get(one)) === 1);

/** enum br_boolopt_id (linux/if_bridge.h), in the words of `ip link`. */
const SWITCHES = ['no_linklocal_learn', 'mcast_vlan_snooping', 'mst_enabled'];

/** struct br_boolopt_multi: the values, then which of them there are. */
function switchSettings(data: AttributeReader): readonly UnknownAttribute[] {
  const on = decodeU32(data.get(IFLA_BR_MULTI_BOOLOPT)) ?? 0;
  return on === 0 ? [] : SWITCHES.flatMap((name, bit) => (on & (1 << bit) ? [{ name, value: '1' }] : []));
}

/** The group that the frames of the spanning tree go to, where it is not that of IEEE 802.1D. */
function groupSettings(data: AttributeReader): readonly UnknownAttribute[] {
  const group = decodeMac(data.get(IFLA_BR_GROUP_ADDR));
  return group === '' || group === '01:80:c2:00:00:00' ? [] : [{ name: 'group_address', value: group }];
}

/** The kernel's hundredths of a second. */
export const ticksOf = (seconds: number): number => Math.round(seconds * TICKS_PER_SECOND);
