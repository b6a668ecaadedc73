import type { AttributeTable } from './unknown-attributes.ts';

// linux/rtnetlink.h, RTA_*: the attributes of a route, and the one flag of a hop that is a setting.
export const RTA_DST = 1;
export const RTA_SRC = 2;
export const RTA_OIF = 4;
export const RTA_GATEWAY = 5;
export const RTA_PRIORITY = 6;
export const RTA_PREFSRC = 7;
export const RTA_METRICS = 8;
export const RTA_MULTIPATH = 9;
export const RTA_FLOW = 11;
export const RTA_CACHEINFO = 12;
export const RTA_TABLE = 15;
export const RTA_VIA = 18;
export const RTA_PREF = 20;
export const RTA_ENCAP_TYPE = 21;
export const RTA_ENCAP = 22;
export const RTA_NH_ID = 30;
export const RTNH_F_ONLINK = 4;

/** LWTUNNEL_ENCAP_* of linux/lwtunnel.h, in the words of `ip route`. */
const ENCAPS = ['none', 'mpls', 'ip', 'ila', 'ip6', 'seg6', 'bpf', 'seg6local', 'rpl', 'ioam6', 'xfrm'];

const encapName = (type: number): string => ENCAPS[type] ?? String(type);

const NAMED: AttributeTable['named'] = new Map([
  [RTA_ENCAP_TYPE, { name: 'encap', text: (payload) => encapName(payload.readUInt16LE()) }],
  [RTA_ENCAP, { name: 'encap data', text: (payload) => payload.toString('hex') }],
  [RTA_NH_ID, { name: 'nhid', text: (payload) => String(payload.readUInt32LE()) }],
]);

/** The attributes of a route: those that are read, in the message or in its hops, and names for others. */
export const ROUTE_ATTRIBUTES: AttributeTable = {
  known: new Set([
    ...[RTA_DST, RTA_SRC, RTA_OIF, RTA_GATEWAY, RTA_PRIORITY, RTA_PREFSRC, RTA_METRICS, RTA_MULTIPATH, RTA_FLOW],
    ...[RTA_CACHEINFO, RTA_TABLE, RTA_VIA, RTA_PREF],
  ]),
  named: NAMED,
};

/** The attributes of one hop of several. */
export const HOP_ATTRIBUTES: AttributeTable = { known: new Set([RTA_GATEWAY, RTA_VIA]), named: NAMED };
