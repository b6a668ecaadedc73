import type { UnknownAttribute } from '../../../model/kernel/unknown-attribute.ts';
import { PORT_ATTRIBUTE_NUMBERS } from '../../../net/bridge-port.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';

// linux/if_link.h
export const IFLA_BRPORT_MODE = 4;

/** IFLA_BRPORT_* (linux/if_link.h) with the defaults of net/bridge/br_if.c. What is state is read as that. */
const PORT_ATTRIBUTES: UsualAttributes = {
  // Beside the words of the language: STATE, ROOT_ID to HOLD_TIMER, FLUSH, PAD, MRP_RING_OPEN, MRP_IN_OPEN, MCAST_EHT_HOSTS_CNT, MCAST_N_GROUPS
  read: new Set([...PORT_ATTRIBUTE_NUMBERS, 1, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 35, 36, 38, 41]),
  usual: usualAttributes([
    [10, 'proxy_arp'], // IFLA_BRPORT_PROXYARP
    [11, 'learning_sync'], // IFLA_BRPORT_LEARNING_SYNC
    [12, 'proxy_arp_wifi'], // IFLA_BRPORT_PROXYARP_WIFI
    [25, 'mcast_router', 1], // IFLA_BRPORT_MULTICAST_ROUTER
    [28, 'mcast_to_unicast'], // IFLA_BRPORT_MCAST_TO_UCAST
    [29, 'vlan_tunnel'], // IFLA_BRPORT_VLAN_TUNNEL
    [31, 'group_fwd_mask'], // IFLA_BRPORT_GROUP_FWD_MASK
    [34, 'backup_port'], // IFLA_BRPORT_BACKUP_PORT
    [37, 'mcast_eht_hosts_limit', 512], // IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT
    [40, 'mab'], // IFLA_BRPORT_MAB
    [42, 'mcast_max_groups'], // IFLA_BRPORT_MCAST_MAX_GROUPS
    [43, 'neigh_vlan_suppress'], // IFLA_BRPORT_NEIGH_VLAN_SUPPRESS
    [44, 'backup_nhid'], // IFLA_BRPORT_BACKUP_NHID
  ]),
};

/** The settings of a port of a bridge that the language lacks, by its IFLA_INFO_SLAVE_DATA: `mcast_router 2`. */
export const listPortSettings = (port: Buffer): readonly UnknownAttribute[] =>
  listUnusualAttributes(port, PORT_ATTRIBUTES);
