/** Why a route is there. */
export type RouteOrigin = {
  /** True when it is not in the file: the LAN's gateway. */
  readonly implied: boolean;
  /** Of others that are not in the file: `behind b:wg0`. Left out: the file, or the LAN, says it. */
  readonly reason?: string;
};
