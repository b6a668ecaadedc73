import type { PortRange, Protocol } from '../../model/topology.ts';

/**
 * A port forward as states record it. `address` null: every address of the namespace. `lan`: its clients, the target too,
 * are masqueraded.
 */
export type ForwardRule = {
  readonly family: 4 | 6;
  readonly address: string | null;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  readonly target: { readonly label: string; readonly address: string; readonly ports: PortRange };
  readonly lan: string | null;
};
