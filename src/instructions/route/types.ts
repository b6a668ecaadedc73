import type { RouteOptions, RouteType } from '../../model/kernel/route-options.ts';
import type { WithUnknown } from '../../model/kernel/unknown-attribute.ts';

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
  /** Of a replacement: the route that goes, where the kernel would replace one of others. Only execution sets it. */
  readonly present?: RouteValue;
};
