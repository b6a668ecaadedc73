import type { Path } from '../../model/diagnostics/source-location.ts';
import type { DnsRecord } from '../../model/lab-parts/dns-data.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { zoneOf } from './dns-names.ts';
import type { LabDnsServer } from './topology.ts';

/** A record that is written, and where. */
export type WrittenRecord = { readonly record: DnsRecord; readonly zone: string; readonly at: Path };

/** The records of a server in the order of the file, without those of the lab's own names. */
export const writtenRecords = ({ written }: LabDnsServer): readonly WrittenRecord[] =>
  written.zones.flatMap(({ name, records }) => records.map(({ value, at }) => ({ record: value, zone: name, at })));

/** What a server has to say of a name. */
export type ZoneIndex = {
  /** Its records; those of the wildcard that answers for it where it has none. Empty: it does not exist here. */
  readonly find: (name: string) => readonly DnsRecord[];
  /** The zone of this server that it is in; null: it is not for this server to say. */
  readonly zoneOf: (name: string) => string | null;
};

/** Prepares the records of a server for looking up names. */
export function indexZones({ data }: LabDnsServer): ZoneIndex {
  const byName = new Map<string, DnsRecord[]>();
  for (const record of data.zones.flatMap(({ records }) => records)) appendTo(byName, record.name, record);
  return {
    find: (name) => byName.get(name) ?? wildcardOf(name, byName),
    zoneOf: (name) => zoneOf(name, data.zones),
  };
}

/** RFC 4592: the wildcard below the nearest parent that exists. */
function wildcardOf(name: string, byName: ReadonlyMap<string, readonly DnsRecord[]>): readonly DnsRecord[] {
  for (let at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1)) {
    const parent = name.slice(at + 1);
    const found = byName.get(`*.${parent}`);
    if (found) return found;
    if (byName.has(parent)) return [];
  }
  return [];
}
