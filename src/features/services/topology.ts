import type { Path } from '../../model/diagnostics/source-location.ts';
import type { TopologySelector } from '../../model/lab-parts/selector.ts';
import type { Protocol, Topology, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** An endpoint, or a namespace that translates: an address, a name, or what selects namespaces. */
export type TopologyServiceTarget =
  | { readonly address: string }
  | { readonly ref: TopologyRef }
  | { readonly selector: TopologySelector };

/** One port of a service, and the port of the endpoints. */
export type TopologyServicePort = {
  readonly at: Path;
  /** Null: it stands in a list. */
  readonly name: string | null;
  readonly port: number;
  /** A text: the name that each endpoint gives its port. */
  readonly targetPort: number | string;
  readonly protocols: readonly Protocol[];
  readonly nodePort: TopologyValue<number> | null;
};

/** An entry under `services`. */
export type TopologyService = {
  readonly name: string;
  readonly at: Path;
  readonly project: { readonly value: string; readonly at: Path } | null;
  readonly to: readonly TopologyValue<TopologyServiceTarget>[];
  readonly ports: readonly TopologyServicePort[];
  /** Null: not written, so that free addresses are taken. Empty: none. */
  readonly clusterIPs: readonly TopologyValue<string>[] | null;
  readonly externalIPs: readonly TopologyValue<string>[];
  readonly hasAffinity: boolean;
  readonly isExternalLocal: boolean;
  readonly isInternalLocal: boolean;
  /** Null: not written. */
  readonly nodes: readonly TopologyValue<TopologyServiceTarget>[] | null;
};

/** The services of a lab, in the order of the file. */
export const writtenServices = featureValueOf<Topology, readonly TopologyService[]>('services', []);
