import type { PortRange } from '../../model/topology.ts';

/** A source NAT rule as states record it. `from` null: any source. `as`: of `snat` only. */
export type NatRule = {
  readonly kind: 'masquerade' | 'snat';
  readonly from: readonly string[] | null;
  readonly out: string | null;
  readonly exceptTo: readonly string[];
  readonly as: { readonly address: string; readonly ports: PortRange | null } | null;
};
