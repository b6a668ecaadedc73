import type { Path } from '../diagnostics/source-location.ts';
import type { TopologySelector } from './selector.ts';
import type { TopologyRef, TopologyValue } from './topology-value.ts';

/** A part of a subnet for each of some namespaces. */
export type TopologySplit = {
  readonly at: Path;
  /** The prefix length of a share, one for each `cidr`. Empty: shares are ranges, and the length is that of the whole. */
  readonly lengths: readonly TopologyValue<number>[];
  readonly among: readonly TopologyValue<
    { readonly ref: TopologyRef } | { readonly address: string } | { readonly selector: TopologySelector }
  >[];
};
