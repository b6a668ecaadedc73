import type { WithUnknown } from '../../model/kernel/unknown-attribute.ts';

/** What not every route has. Left out where a route does not have it. */
export type RouteOptions = {
  /** The route is for packets of this TOS alone (IPv4): part of its key. */
  readonly tos?: number;
  /** The TCP segment size that is announced to the other side, in bytes. */
  readonly advmss?: number;
  /** The first congestion window of TCP, in segments. */
  readonly initcwnd?: number;
  /** The metrics that the kernel must not change by itself, in the order of RTAX_*. */
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

/** A route with its full key, so that a deletion never works as a wildcard. */
export type RouteValue = RouteOptions &
  WithUnknown & {
    /** The routing protocol of a route that is not ours. Left out: 78. */
    readonly protocol?: number;
    readonly to: string;
    readonly type: RouteType;
    /** Of the types `unicast` and `local`. */
    readonly hops: readonly {
      readonly via: string | null;
      readonly dev: string;
      readonly weight: number;
      readonly onlink: boolean;
    }[];
    readonly src: string | null;
    readonly metric: number;
    readonly table: number;
    readonly mtu: number | null;
  };

/** Routes. */
export type RouteInstruction = {
  readonly do: 'route.add' | 'route.replace' | 'route.delete';
  readonly netns: string;
  readonly route: RouteValue;
};
