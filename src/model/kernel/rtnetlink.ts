/** linux/rtnetlink.h, `enum rt_class_t`: the routing tables that have a name. */
export const RT_TABLE_DEFAULT = 253;
export const RT_TABLE_MAIN = 254;
export const RT_TABLE_LOCAL = 255;

/** linux/rtnetlink.h, RTPROT_*: who made a route or a rule. */
export const RTPROT_REDIRECT = 1;
export const RTPROT_KERNEL = 2;
export const RTPROT_RA = 9;

/**
 * linux/rtnetlink.h, RTPROT_*: the routing daemons. They bring their routes and take them away again, as their peers say:
 * gated, mrt, zebra, bird, dnrouted, xorp, ntk, mrouted, babel, openr, bgp, isis, ospf, rip, eigrp.
 */
const ROUTING_DAEMONS: ReadonlySet<number> = new Set([8, 10, 11, 12, 13, 14, 15, 17, 42, 99, 186, 187, 188, 189, 192]);

/** Whether a routing daemon brought a route of that protocol number: it is learned, and that daemon removes it. */
export const isLearnedRoute = (protocol: number): boolean => ROUTING_DAEMONS.has(protocol);

/** linux/rtnetlink.h, `enum rt_scope_t`: how far an address or a route reaches. */
export const RT_SCOPE_UNIVERSE = 0;
export const RT_SCOPE_LINK = 253;
export const RT_SCOPE_HOST = 254;
