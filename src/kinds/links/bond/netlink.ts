import type { LinkCodec } from '../../../model/link-kind.ts';
import { decodeU8, decodeU32, optionalAttribute, u8Attribute, u32Attribute } from '../../../net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../net/unusual-attributes.ts';
import { BOND_MODES, type BondOptions, HASH_POLICIES, LACP_RATES } from './options.ts';

// linux/if_link.h
const IFLA_BOND_MODE = 1;
const IFLA_BOND_ACTIVE_SLAVE = 2;
const IFLA_BOND_MIIMON = 3;
const IFLA_BOND_PRIMARY = 11;
const IFLA_BOND_XMIT_HASH_POLICY = 14;
const IFLA_BOND_MIN_LINKS = 18;
const IFLA_BOND_AD_LACP_RATE = 21;
const IFLA_BOND_AD_INFO = 23;

const indexIn = (all: readonly string[], name: string | undefined): number | undefined =>
  name === undefined ? undefined : all.indexOf(name);

/** IFLA_BOND_* (linux/if_link.h) with the defaults of drivers/net/bonding: nothing that netform does to a bond touches them. */
const BOND_ATTRIBUTES: UsualAttributes = {
  read: new Set([
    ...[IFLA_BOND_MODE, IFLA_BOND_ACTIVE_SLAVE, IFLA_BOND_MIIMON, IFLA_BOND_PRIMARY, IFLA_BOND_XMIT_HASH_POLICY],
    ...[IFLA_BOND_MIN_LINKS, IFLA_BOND_AD_LACP_RATE, IFLA_BOND_AD_INFO],
  ]),
  usual: usualAttributes([
    [4, 'updelay'], // IFLA_BOND_UPDELAY
    [5, 'downdelay'], // IFLA_BOND_DOWNDELAY
    [6, 'use_carrier', 1], // IFLA_BOND_USE_CARRIER
    [7, 'arp_interval'], // IFLA_BOND_ARP_INTERVAL
    [9, 'arp_validate'], // IFLA_BOND_ARP_VALIDATE
    [10, 'arp_all_targets'], // IFLA_BOND_ARP_ALL_TARGETS
    [12, 'primary_reselect'], // IFLA_BOND_PRIMARY_RESELECT
    [13, 'fail_over_mac'], // IFLA_BOND_FAIL_OVER_MAC
    [15, 'resend_igmp', 1], // IFLA_BOND_RESEND_IGMP
    [16, 'num_grat_arp', 1], // IFLA_BOND_NUM_PEER_NOTIF
    [17, 'all_slaves_active'], // IFLA_BOND_ALL_SLAVES_ACTIVE
    [19, 'lp_interval', 1], // IFLA_BOND_LP_INTERVAL
    [20, 'packets_per_slave', 1], // IFLA_BOND_PACKETS_PER_SLAVE
    [22, 'ad_select'], // IFLA_BOND_AD_SELECT
    [24, 'ad_actor_sys_prio', 65535], // IFLA_BOND_AD_ACTOR_SYS_PRIO
    [25, 'ad_user_port_key'], // IFLA_BOND_AD_USER_PORT_KEY
    [26, 'ad_actor_system'], // IFLA_BOND_AD_ACTOR_SYSTEM
    [27, 'tlb_dynamic_lb', 0, 1], // IFLA_BOND_TLB_DYNAMIC_LB
    [28, 'peer_notif_delay'], // IFLA_BOND_PEER_NOTIF_DELAY
    [29, 'ad_lacp_active', 1], // IFLA_BOND_AD_LACP_ACTIVE
    [30, 'missed_max', 2], // IFLA_BOND_MISSED_MAX
  ]),
};

/**
 * IFLA_INFO_DATA of a bond. What only some modes have is left out in the others, which refuse it; the primary is a port,
 * and can be named when the port is there.
 */
export const bondCodec: LinkCodec<BondOptions> = {
  encode: ({ mode, miimon, primary, xmitHashPolicy, lacpRate, minLinks }, { indexOf }) => [
    ...optionalAttribute(indexIn(BOND_MODES, mode), (value) => u8Attribute(IFLA_BOND_MODE, value)),
    ...optionalAttribute(miimon, (value) => u32Attribute(IFLA_BOND_MIIMON, value)),
    ...(primary === undefined || !indexOf
      ? []
      : [u32Attribute(IFLA_BOND_PRIMARY, primary === null ? 0 : indexOf(primary))]),
    ...optionalAttribute(indexIn(HASH_POLICIES, xmitHashPolicy), (value) =>
      u8Attribute(IFLA_BOND_XMIT_HASH_POLICY, value),
    ),
    ...optionalAttribute(minLinks, (value) => u32Attribute(IFLA_BOND_MIN_LINKS, value)),
    ...optionalAttribute(mode === undefined || mode === '802.3ad' ? indexIn(LACP_RATES, lacpRate) : null, (value) =>
      u8Attribute(IFLA_BOND_AD_LACP_RATE, value),
    ),
  ],
  decode: (data, { nameOf }) => {
    const primary = decodeU32(data.get(IFLA_BOND_PRIMARY)) ?? 0;
    const named = <T extends string>(all: readonly T[], type: number): T | undefined =>
      all[decodeU8(data.get(type)) ?? 0];
    const [mode, xmitHashPolicy, lacpRate] = [
      named(BOND_MODES, IFLA_BOND_MODE),
      named(HASH_POLICIES, IFLA_BOND_XMIT_HASH_POLICY),
      named(LACP_RATES, IFLA_BOND_AD_LACP_RATE),
    ];
    const unknown = listUnusualAttributes(data.bytes(), BOND_ATTRIBUTES);
    if (mode === undefined || xmitHashPolicy === undefined || lacpRate === undefined) return { options: null, unknown };
    const options: BondOptions = {
      mode,
      miimon: decodeU32(data.get(IFLA_BOND_MIIMON)) ?? 0,
      primary: primary === 0 ? null : nameOf(primary),
      xmitHashPolicy,
      lacpRate,
      minLinks: decodeU32(data.get(IFLA_BOND_MIN_LINKS)) ?? 0,
    };
    return { options, unknown };
  },
};
