import type { PortRange, Protocol } from '../topology.ts';

/**
 * Tracked connections, by what their first packet said and by how they are translated. Null: any. Of ICMP there are no
 * ports. `to: 'here'`: any address of the namespace itself.
 */
export type ConntrackMatch = {
  readonly family: 4 | 6;
  readonly protocol: Protocol | 'icmp' | null;
  /** The network that it comes from. */
  readonly from: string | null;
  readonly to: string | null;
  readonly ports: PortRange | null;
  /** To a target, whose ports follow `ports` one by one; as another source, `as` or any; or not at all. */
  readonly translated:
    | { readonly to: { readonly address: string; readonly ports: PortRange } }
    | { readonly as: string | null }
    | null;
};
