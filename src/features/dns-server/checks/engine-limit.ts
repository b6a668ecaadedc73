import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { DNSMASQ_LINE_BYTES, recordLine } from '../../../programs/dnsmasq.ts';
import { type LabDnsServer, labDnsServers } from '../topology.ts';
import { indexZones, type WrittenRecord, writtenRecords, type ZoneIndex } from '../zone-index.ts';

/** What the program of a DNS server cannot do. */
export const engineLimit: LabCheck = {
  name: 'engine-limit',
  code: 'NF2507',
  rank: 60,
  title: 'What the DNS program cannot do',
  explain:
    'dnsmasq has wildcards of addresses only, follows an alias only to an address that it has itself and not to a wildcard, refers to no other name server, and reads lines of 1023 bytes. CoreDNS forwards a zone to 15 servers at most. unbound has none of these limits.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, "*.dev CNAME web"] } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, "*.dev CNAME web"] } }, engine: unbound }
`,
  find: (_topology, lab) =>
    labDnsServers(lab).flatMap((server) =>
      server.engine === 'dnsmasq' ? recordLimits(server) : server.engine === 'coredns' ? forwardLimits(server) : [],
    ),
};

function recordLimits(server: LabDnsServer): readonly Diagnostic[] {
  const index = indexZones(server);
  return writtenRecords(server).flatMap((one) => {
    const limit = limitOf(one, index, server);
    const hint = 'write engine: unbound';
    return limit === null ? [] : [makeDiagnostic('engine-limit', atValue(one.at), `dnsmasq ${limit}`, { hint })];
  });
}

/** `max` of CoreDNS's plugin forward: with more upstreams it does not start. */
const COREDNS_UPSTREAMS = 15;

function forwardLimits({ data, written }: LabDnsServer): readonly Diagnostic[] {
  return data.forwards.flatMap(({ zone, servers }) => {
    const at = written.forwards.find((one) => one.zone === zone)?.at;
    if (servers.length <= COREDNS_UPSTREAMS || at === undefined) return [];
    const message = `CoreDNS forwards to ${COREDNS_UPSTREAMS} servers at most, and these are ${servers.length}`;
    return [makeDiagnostic('engine-limit', atValue(at), message, { hint: 'name fewer, or write engine: unbound' })];
  });
}

function limitOf({ record, zone }: WrittenRecord, { find, zoneOf }: ZoneIndex, { data }: LabDnsServer): string | null {
  const { name, type } = record;
  if (name.startsWith('*.') && !('address' in record)) return `has no wildcard of the type ${type}`;
  if (type === 'NS' && name !== zone) return 'refers to no other name server: it would have to forward the zone';
  if (type === 'CNAME') {
    const { target } = record;
    if (zoneOf(target) === null && data.names.every((one) => one.name !== target))
      return `does not follow an alias to ${target}, which is in none of its zones`;
    if (find(target).some((one) => one.name.startsWith('*.'))) return 'does not follow an alias to a wildcard';
  }
  return (recordLine(record) ?? '').length > DNSMASQ_LINE_BYTES ? 'has no room for a record of this length' : null;
}
