import { decodeU8, decodeU16, decodeU32, type NetlinkAttributes } from '../../../net/netlink-attributes.ts';

/** An attribute of a nest, its default, and what it is called by `ip` where it has another value. */
type NumberAttribute = {
  readonly type: number;
  readonly size: 1 | 2 | 4;
  readonly usual: number;
  readonly word: string;
};

const attribute = (type: number, size: 1 | 2 | 4, usual: number, word: string): NumberAttribute => ({
  ...{ type, size, usual, word },
});

/** IFLA_BRPORT_* (linux/if_link.h) with the defaults of net/bridge/br_if.c, without those that the language has. */
const PORT_ATTRIBUTES: readonly NumberAttribute[] = [
  attribute(2, 2, 32, 'priority'), // IFLA_BRPORT_PRIORITY
  attribute(5, 1, 0, 'guard'), // IFLA_BRPORT_GUARD
  attribute(6, 1, 0, 'root_block'), // IFLA_BRPORT_PROTECT
  attribute(7, 1, 0, 'fastleave'), // IFLA_BRPORT_FAST_LEAVE
  attribute(8, 1, 1, 'learning'), // IFLA_BRPORT_LEARNING
  attribute(9, 1, 1, 'flood'), // IFLA_BRPORT_UNICAST_FLOOD
  attribute(10, 1, 0, 'proxy_arp'), // IFLA_BRPORT_PROXYARP
  attribute(12, 1, 0, 'proxy_arp_wifi'), // IFLA_BRPORT_PROXYARP_WIFI
  attribute(25, 1, 1, 'mcast_router'), // IFLA_BRPORT_MULTICAST_ROUTER
  attribute(27, 1, 1, 'mcast_flood'), // IFLA_BRPORT_MCAST_FLOOD
  attribute(28, 1, 0, 'mcast_to_unicast'), // IFLA_BRPORT_MCAST_TO_UCAST
  attribute(29, 1, 0, 'vlan_tunnel'), // IFLA_BRPORT_VLAN_TUNNEL
  attribute(30, 1, 1, 'bcast_flood'), // IFLA_BRPORT_BCAST_FLOOD
  attribute(31, 2, 0, 'group_fwd_mask'), // IFLA_BRPORT_GROUP_FWD_MASK
  attribute(32, 1, 0, 'neigh_suppress'), // IFLA_BRPORT_NEIGH_SUPPRESS
  attribute(33, 1, 0, 'isolated'), // IFLA_BRPORT_ISOLATED
  attribute(39, 1, 0, 'locked'), // IFLA_BRPORT_LOCKED
];

/** IFLA_BR_* (linux/if_link.h) likewise, with times in the kernel's hundredths of a second. */
const BRIDGE_ATTRIBUTES: readonly NumberAttribute[] = [
  attribute(2, 4, 200, 'hello_time'), // IFLA_BR_HELLO_TIME
  attribute(3, 4, 2000, 'max_age'), // IFLA_BR_MAX_AGE
  attribute(7, 1, 0, 'vlan_filtering'), // IFLA_BR_VLAN_FILTERING
  attribute(9, 2, 0, 'group_fwd_mask'), // IFLA_BR_GROUP_FWD_MASK
  attribute(22, 1, 1, 'mcast_router'), // IFLA_BR_MCAST_ROUTER
  attribute(24, 1, 0, 'mcast_query_use_ifaddr'), // IFLA_BR_MCAST_QUERY_USE_IFADDR
  attribute(25, 1, 0, 'mcast_querier'), // IFLA_BR_MCAST_QUERIER
  attribute(36, 1, 0, 'nf_call_iptables'), // IFLA_BR_NF_CALL_IPTABLES
  attribute(37, 1, 0, 'nf_call_ip6tables'), // IFLA_BR_NF_CALL_IP6TABLES
  attribute(38, 1, 0, 'nf_call_arptables'), // IFLA_BR_NF_CALL_ARPTABLES
  attribute(39, 2, 1, 'vlan_default_pvid'), // IFLA_BR_VLAN_DEFAULT_PVID
];

const IFLA_BRPORT_COST = 3;
/** What the kernel gives a port by the speed of its link: 2 for the 10 Gbit/s of a veth, 100 where it knows none. */
const USUAL_COSTS = [2, 100];

/** The settings of a port, by its IFLA_INFO_SLAVE_DATA, that no topology has: `isolated 1`, `cost 50`. */
export function unsupportedPortSettings(port: NetlinkAttributes): readonly string[] {
  const cost = decodeU32(port.get(IFLA_BRPORT_COST));
  const isUsual = cost === null || USUAL_COSTS.includes(cost);
  return [...unusual(port, PORT_ATTRIBUTES), ...(isUsual ? [] : [`cost ${cost}`])];
}

/** The settings of a bridge, by its IFLA_INFO_DATA, that no topology has: `hello_time 100`. */
export const unsupportedBridgeSettings = (bridge: NetlinkAttributes): readonly string[] =>
  unusual(bridge, BRIDGE_ATTRIBUTES);

const unusual = (attributes: NetlinkAttributes, known: readonly NumberAttribute[]): readonly string[] =>
  known.flatMap(({ type, size, usual, word }) => {
    const value = DECODERS[size](attributes.get(type));
    return value === null || value === usual ? [] : [`${word} ${value}`];
  });

const DECODERS = { 1: decodeU8, 2: decodeU16, 4: decodeU32 };
