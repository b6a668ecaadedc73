/** What not every route has. Left out where a route does not have it. */
export type RouteOptions = {
  /** The route is for packets of this TOS alone (IPv4): part of its key. */
  readonly tos?: number;
  /** The largest window that TCP announces to the other side, in bytes. */
  readonly window?: number;
  /** The first estimate of the round-trip time, in milliseconds. */
  readonly rtt?: number;
  /** The TCP segment size that is announced to the other side, in bytes. */
  readonly advmss?: number;
  /** The first congestion window of TCP, in segments. */
  readonly initcwnd?: number;
  /** The shortest time before TCP sends again, in milliseconds. The kernel heeds it where `lock` has it. */
  readonly rtoMin?: number;
  /** The first receive window of TCP, in segments. */
  readonly initrwnd?: number;
  /** TCP acknowledges at once. */
  readonly quickack?: true;
  /** The metrics that the kernel must not change by itself: names of `ip route`, in the order of RTAX_*. */
  readonly lock?: readonly string[];
  /** `5` (destination) or `3/5` (source and destination). */
  readonly realms?: string;
  /** Preference among the default routers of IPv6 (RFC 4191). */
  readonly pref?: 'low' | 'high';
  /** IPv4: how far the destination is, where it is not what the hops and the type say. */
  readonly scope?: RouteScope;
};

/** `enum rt_scope_t` of linux/rtnetlink.h in the words of `ip route`. */
export type RouteScope = 'global' | 'site' | 'link' | 'host';

/** RTN_* of linux/rtnetlink.h in the words of `ip route`. */
export type RouteType = 'unicast' | 'local' | 'blackhole' | 'unreachable' | 'prohibit' | 'throw';
