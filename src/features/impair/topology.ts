import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Impairment } from '../../model/kernel/impairment.ts';
import type { Lab } from '../../model/lab.ts';
import type { Topology, TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** `impair` of an interface. */
export type TopologyImpairment = { readonly dev: string; readonly impairment: Impairment; readonly at: Path };

/** `impair` of a cable. */
export type TopologyCableImpairment = {
  readonly ends: readonly TopologyValue<TopologyRef>[];
  readonly impairment: Impairment;
  readonly at: Path;
};

/** What impairs one link of the lab. `by`: one netem queue, or what this kernel has in its place: a tbf queue and rules of nftables. */
export type LabImpairment = {
  readonly netns: string;
  readonly dev: string;
  readonly impairment: Impairment;
  readonly by: 'netem' | 'parts';
  readonly at: Path;
};

/** What is written at the interfaces of a namespace, or of the host. */
export const writtenImpairments = featureValueOf<TopologyNetns, readonly TopologyImpairment[]>('impair', []);

/** What is written at the cables. */
export const writtenCableImpairments = featureValueOf<Topology, readonly TopologyCableImpairment[]>('impair', []);

/** What impairs the links of a lab. */
export const labImpairments = featureValueOf<Lab, readonly LabImpairment[]>('impair', []);
