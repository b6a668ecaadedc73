import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { DnsData, DnsEngine, DnsRecord } from '../../model/lab-parts/dns-data.ts';
import type { TopologyNetns, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** `dnsServer` as it is written. */
export type TopologyDnsServer = {
  readonly at: Path;
  readonly zones: readonly TopologyZone[];
  readonly names: boolean;
  readonly forwards: readonly {
    /** Null: all the rest. */
    readonly zone: string | null;
    readonly to: readonly TopologyValue<{ readonly address: string } | { readonly ref: TopologyRef }>[];
    readonly at: Path;
  }[];
  /** Null: not written. */
  readonly listen: readonly TopologyValue<string>[] | null;
  readonly engine: DnsEngine;
  readonly config: WrittenConfig | null;
};

/** A configuration as it is written: its text, or the file beside the topology that has it. */
export type WrittenConfig = { readonly content: TopologyValue<string> } | { readonly from: TopologyValue<string> };

/** A zone with what can be read of its records. */
export type TopologyZone = {
  readonly name: string;
  readonly records: readonly TopologyValue<DnsRecord>[];
  readonly at: Path;
};

/** A DNS server of the lab. */
export type LabDnsServer = {
  /** The path of the file whose text is its configuration; null: none is. */
  readonly source: TopologyValue<string> | null;
  readonly netns: string;
  readonly engine: DnsEngine;
  readonly data: DnsData;
  /** A configuration that is written; null: it is made from the data. */
  readonly given: string | null;
  readonly written: TopologyDnsServer;
};

/** What is written in a namespace, or under `host`; null: nothing. */
export const writtenDnsServer = featureValueOf<TopologyNetns, TopologyDnsServer | null>('dns-server', null);

/** The DNS servers of a lab. */
export const labDnsServers = featureValueOf<Lab, readonly LabDnsServer[]>('dns-server', []);
