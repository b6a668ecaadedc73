import type { Path } from '../../model/diagnostics/source-location.ts';
import type { TopologySelector } from '../../model/lab-parts/selector.ts';
import type { PortRange, TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** Whose traffic is translated: the prefix, the name of a bridge, a subnet, a namespace or an interface, selected namespaces, or anything. */
export type TopologyNatSource =
  | { readonly prefix: string }
  | TopologyRef
  | { readonly selector: TopologySelector }
  | { readonly any: true };

/** One entry under `nat`. */
export type TopologyNat = {
  readonly at: Path;
  readonly kind: 'masquerade' | 'snat';
  readonly from: readonly TopologyValue<TopologyNatSource>[];
  readonly out: TopologyValue<string> | null;
  /** Prefixes or names of bridges, subnets, namespaces and interfaces. */
  readonly exceptTo: readonly TopologyValue<TopologyNatSource>[];
  /** Of snat only. */
  readonly as: TopologyValue<{ readonly address: string; readonly ports: PortRange | null }> | null;
};

/** The entries under `nat` of a namespace, or of the host. */
export const natEntries = featureValueOf<TopologyNetns, readonly TopologyNat[]>('nat', []);
