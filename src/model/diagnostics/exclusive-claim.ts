import type { PortRange, Protocol } from '../topology.ts';

/**
 * Something of the machine that only one lab can have. Two `thing` claims conflict when their keys are equal and their values
 * are not both the same text; a `subnet` conflicts with what overlaps it, a `port` with the same port of the host.
 */
export type ExclusiveClaim = {
  /** As messages name it: `red`, `10.40.0.0/24`, `port 8080/tcp (forwarded to red)`. */
  readonly text: string;
} & (ThingClaim | SubnetClaim | PortClaim);

type ThingClaim = { readonly of: 'thing'; readonly key: string; readonly value?: string };

/** `address`: that of the host in it; null: the host has a route to it. Two routes conflict as things only. */
type SubnetClaim = {
  readonly of: 'subnet';
  readonly prefix: string;
  readonly address: string | null;
  readonly dev: string;
};

/** `address` null: every address of the host. */
type PortClaim = {
  readonly of: 'port';
  readonly family: 4 | 6;
  readonly address: string | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
};
