import type { DnsData, DnsRecord, DnsZone } from '../../model/lab-parts/dns-data.ts';
import type { LabServedName } from '../../model/lab-parts/lab-registers.ts';
import { familyOf, reverseName } from '../../net/address.ts';
import type { TopologyZone } from './topology.ts';

/** The absolute name of a name of the lab, in lower case. */
export const fullName = ({ name, domain }: LabServedName): string =>
  (domain === null ? name : `${name}.${domain}`).toLowerCase();

/**
 * The zones of a server: those that are written, and one for the domain of the lab's names, each with the names that are in it.
 * What is written about a name takes the place of what the lab says of it.
 */
export function zonesWithNames(written: readonly TopologyZone[], names: readonly LabServedName[]): readonly DnsZone[] {
  const domains = new Set(names.flatMap(({ domain }) => domain ?? []));
  const known = new Set(written.map(({ name }) => name));
  const zones = [
    ...written.map(({ name, records }) => ({ name, records: records.map(({ value }) => value) })),
    ...[...domains].filter((domain) => !known.has(domain)).map((name): DnsZone => ({ name, records: [] })),
  ];
  const said = new Set(zones.flatMap(({ records }) => records.map(({ name }) => name)));
  const added = new Map<string, DnsRecord[]>(zones.map(({ name }) => [name, []]));
  const done = new Set<string>();
  for (const one of names) {
    const name = fullName(one);
    const zone = zoneOf(name, zones);
    if (zone === null || said.has(name) || done.has(`${name} ${one.address}`)) continue;
    done.add(`${name} ${one.address}`);
    added.get(zone)?.push({ name, type: familyOf(one.address) === 4 ? 'A' : 'AAAA', address: one.address });
  }
  for (const one of names) {
    for (const record of serviceRecords(one)) {
      const zone = zoneOf(record.name, zones);
      const key = `${record.name} ${record.port} ${record.target}`;
      if (zone === null || said.has(record.name) || done.has(key)) continue;
      done.add(key);
      added.get(zone)?.push(record);
    }
  }
  return zones.map(({ name, records }) => ({ name, records: [...records, ...(added.get(name) ?? [])] }));
}

/** The SRV records that lead to a name. */
const serviceRecords = (one: LabServedName) =>
  (one.services ?? []).map(({ name, port }) => ({
    ...{
      name: fullName({ ...one, name }),
      type: 'SRV' as const,
      priority: 0,
      weight: 100,
      port,
      target: fullName(one),
    },
  }));

/** The zone that a name is in, the longest one; null: none. */
export function zoneOf(name: string, zones: readonly { readonly name: string }[]): string | null {
  const all = zones.map((zone) => zone.name).filter((zone) => name === zone || name.endsWith(`.${zone}`));
  return all.toSorted((a, b) => b.length - a.length)[0] ?? null;
}

/**
 * The name of each address in reverse: that of its namespace first, then what else the lab calls it, then the first record of
 * a zone that leads to it. A PTR record that is written answers by itself.
 */
export function reverseNames(zones: readonly DnsZone[], names: readonly LabServedName[]): DnsData['reverse'] {
  const records = zones.flatMap((zone) => zone.records);
  const pointers = new Set(records.flatMap(({ type, name }) => (type === 'PTR' ? [name] : [])));
  const found = new Map<string, string>();
  const candidates = [
    ...names.map((one) => ({ address: one.address, name: fullName(one) })),
    ...records.flatMap((one) => ('address' in one && !one.name.startsWith('*.') ? [one] : [])),
  ];
  for (const { address, name } of candidates) if (!found.has(address)) found.set(address, name);
  return [...found]
    .map(([address, name]) => ({ address, name }))
    .filter((one) => !pointers.has(reverseName(one.address)));
}
