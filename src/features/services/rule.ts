import type { SpreadTarget } from '../../kinds/nft/spread.ts';
import type { Protocol } from '../../model/topology.ts';

/**
 * One port of a service in one family, as states record it. `at`: what one connects to: the cluster address, a further
 * address, or (`node`) every address of the namespace but localhost. `masquerade`: clients are seen with the address of the
 * namespace that translates. `lan` of a target: the network that it shares with that namespace, whose clients answer past
 * it unless they are masqueraded; its own address alone where a bridge shows that namespace what it answers; null: none.
 */
export type ServiceRule = {
  readonly service: string;
  readonly family: 4 | 6;
  readonly at: { readonly cluster: string } | { readonly external: string } | { readonly node: true };
  readonly protocol: Protocol;
  readonly port: number;
  readonly masquerade: boolean;
  /** Of a service whose clients stay with one target. */
  readonly seed: number | null;
  readonly targets: readonly (SpreadTarget & { readonly lan: string | null })[];
};

/** The address that a rule is for; null: every one of the namespace. */
export const addressOfRule = ({ at }: Pick<ServiceRule, 'at'>): string | null =>
  'cluster' in at ? at.cluster : 'external' in at ? at.external : null;
