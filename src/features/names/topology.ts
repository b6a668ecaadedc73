import type { Path } from '../../model/diagnostics/source-location.ts';
import type { TopologySelector } from '../../model/lab-parts/selector.ts';
import type { Topology, TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** An address, a name, or what selects namespaces. */
export type TopologyDnsTarget =
  | { readonly address: string }
  | { readonly ref: TopologyRef }
  | { readonly selector: TopologySelector };

/** A `dns` block: the lab's, or that of a namespace, which overrides it key by key. Null: not written here. */
export type TopologyDns = {
  readonly at: Path;
  readonly names: boolean | null;
  readonly hosts:
    | readonly {
        readonly name: string;
        readonly at: Path;
        readonly to: readonly TopologyValue<TopologyDnsTarget>[];
      }[]
    | null;
  /** Where names without a dot are looked up, and what a DNS server of the lab calls them. */
  readonly domain: string | null;
  readonly search: readonly string[] | null;
  readonly nameservers: readonly TopologyValue<TopologyDnsTarget>[] | null;
  readonly options: readonly string[] | null;
  readonly order: readonly string[] | null;
};

/** The lab's `dns` block, with nothing written when there is none. */
export const labDns = featureValueOf<Topology, TopologyDns>('names', {
  at: ['dns'],
  names: null,
  hosts: null,
  domain: null,
  search: null,
  nameservers: null,
  options: null,
  order: null,
});

/** The `dns` block of a namespace, or of the host; null: none. */
export const netnsDns = featureValueOf<TopologyNetns, TopologyDns | null>('names', null);
